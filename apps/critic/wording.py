"""What the wording of a hook and of a last line can be shown to do. Text in, numbers out; no judgement.

A language without a list is measured by what needs none: length, figures and punctuation.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

CATALOG = Path(__file__).parent / "catalog" / "wording.yaml"
#: Feature -> weight. Negation leads because it is the feature with causal evidence (Upworthy trials:
#: each negative word +2.3 % clicks); the rest are design values.
HOOK_FEATURES = {
    "negation": 0.18,
    "open_reference": 0.18,
    "short": 0.12,
    "second_person": 0.10,
    "question": 0.10,
    "numbers": 0.08,
    "superlative": 0.06,
}
#: Words a hook may have before it stops being one breath.
HOOK_WORDS = 12
#: Parts of the semantic loop: the end reads on, the ends share words, the hook stays open.
READS_ON, SHARES_WORDS, STAYS_OPEN = 0.4, 0.3, 0.3
#: Jaccard overlap of the two ends' content words that counts as fully shared.
SHARED_ENOUGH = 0.25
#: Words at each end that are compared, and letters from which a word is content.
END_WORDS, CONTENT_LETTERS = 8, 4

_VOWELS = re.compile(r"[aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüýÿ]+")
_SENTENCE_END = re.compile(r"[.!?…।]")


def greets(text: str, language: str) -> bool:
    """Whether the first words greet or announce instead of taking hold."""
    return _finds("greeting", text, language)


def hook_strength(text: str, language: str) -> float:
    """0-1: the weighted share of the features (of those this language can be checked for) it has."""
    found = {
        "short": len(words_of(text)) <= HOOK_WORDS,
        "question": "?" in text,
        "numbers": bool(re.search(r"\d", text)) or _finds("numbers", text, language),
    }
    lists = _lists(language)
    found |= {name: _finds(name, text, language) for name in HOOK_FEATURES if name in lists.keys() - found}
    known = sum(HOOK_FEATURES[name] for name in found)
    return sum(HOOK_FEATURES[name] for name, there in found.items() if there) / known


def semantic_loop(first: str, last: str, language: str) -> float:
    """-1 to 1: how far the last line leads back into the first (field practice, 2.1); closers cost 1."""
    reads_on = READS_ON * _ends_open(last, language)
    shares = SHARES_WORDS * min(_overlap(first, last) / SHARED_ENOUGH, 1.0)
    stays_open = STAYS_OPEN * ("?" in first or _finds("open_reference", first, language))
    return reads_on + shares + stays_open - _finds("closer", last, language)


def syllables(text: str) -> int:
    """Syllables of a text: vowel groups, or aksharas without virama in Indic scripts; 1 a word at least."""
    return sum(max(_syllables_of(word), 1) for word in words_of(text))


def words_of(text: str) -> list[str]:
    """Lower-case words, marks stripped from their edges."""
    bare = (_strip(word) for word in unicodedata.normalize("NFC", text).lower().replace("’", "'").split())
    return [word for word in bare if word]


def sentence_ends(token: str) -> bool:
    """Whether a caption token closes a sentence."""
    return bool(_SENTENCE_END.search(token[-2:]))


@cache
def _lists(language: str) -> dict[str, re.Pattern[str]]:
    catalogue: dict[str, dict[str, str]] = yaml.safe_load(CATALOG.read_text(encoding="utf-8"))
    patterns = catalogue.get(language.partition("-")[0].lower(), {})
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


def _finds(name: str, text: str, language: str) -> bool:
    pattern = _lists(language).get(name)
    return bool(pattern and pattern.search(" ".join(words_of(text))))


def _ends_open(text: str, language: str) -> bool:
    ending = text.rstrip(" \"'”’»)")
    return ending.endswith((",", ":", "-", "–", "—", "…", "...")) or (
        not sentence_ends(ending) and _finds("open_end", text, language)
    )


def _overlap(first: str, last: str) -> float:
    one, other = _content(words_of(first)[:END_WORDS]), _content(words_of(last)[-END_WORDS:])
    return len(one & other) / len(one | other) if one | other else 0.0


def _content(words: list[str]) -> set[str]:
    """Content words by length, cut to a stem so that "heart" meets "hearts"."""
    return {word[:6].rstrip("s") for word in words if len(word) >= CONTENT_LETTERS}


def _strip(word: str) -> str:
    return word.strip("".join({c for c in word if unicodedata.category(c)[0] in "PSZC"}))


def _syllables_of(word: str) -> int:
    if any("\u0900" <= c <= "\u0dff" for c in word):
        letters = sum(unicodedata.category(c) == "Lo" for c in word)
        return letters - sum(unicodedata.name(c, "").endswith("VIRAMA") for c in word)
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return groups - silent
