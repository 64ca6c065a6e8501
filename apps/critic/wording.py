"""What the wording of a hook and of a last line can be shown to do. Text in, numbers out; no judgement.

A language without a list is measured by what needs none: length, figures and punctuation.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

CATALOG = Path(__file__).parent / "catalog" / "wording.yaml"
#: Feature -> weight (field guide 2.1, Script); they sum to 1. Negation leads because it is the feature with
#: causal evidence; the rest are design values.
HOOK_FEATURES = {
    "negation": 0.18,
    "open_reference": 0.18,
    "short": 0.12,
    "concrete": 0.12,
    "second_person": 0.10,
    "question": 0.10,
    "numbers": 0.08,
    "superlative": 0.06,
    "early_content": 0.06,
}
#: What a word of harm adds and one of delight takes away, and how many of each count: in 22,743 trials
#: of headlines each negative word brought +2.3 % clicks, each positive -1.0 % (Robertson et al. 2023).
NEGATIVE, POSITIVE, COUNTED = 0.046, 0.02, 2
#: Words within which the first content word stands, so that a hook starts with what it is about.
EARLY = 3
#: Content words at the end of the twist that make up its payoff.
PAYOFF_WORDS = 4
#: Words a hook may have before it stops being one breath.
HOOK_WORDS = 12
#: Parts of the semantic loop: the end reads on, the ends share words, the hook stays open.
READS_ON, SHARES_WORDS, STAYS_OPEN = 0.4, 0.3, 0.3
#: Jaccard overlap of the two ends' content words that counts as fully shared.
SHARED_ENOUGH = 0.25
#: Words at each end that are compared, and letters from which a word is content.
END_WORDS, CONTENT_LETTERS = 8, 4

#: Letters from which LIX counts a word as long, less one.
LONG_LETTERS = 6

_VOWELS = re.compile(r"[aeiouyáàâäãåæéèêëíìîïóòôöõøœúùûüýÿ]+")
_DEVANAGARI = re.compile(r"[\u0900-\u097f]")
_SENTENCE_END = re.compile(r"[.!?…।]")


def greets(text: str, language: str) -> bool:
    """Whether the first words greet or announce instead of taking hold."""
    return _finds("greeting", text, language)


def hook_strength(text: str, language: str) -> float:
    """0-1: the weighted share of the features (of those this language can be checked for) it has, and what
    its words of harm and delight add to it or take away."""
    found = hook_features(text, language)
    known = sum(HOOK_FEATURES[name] for name in found)
    share = sum(HOOK_FEATURES[name] for name, there in found.items() if there) / known
    harm, delight = (min(_count(name, text, language), COUNTED) for name in ("negative", "positive"))
    return min(max(share + NEGATIVE * harm - POSITIVE * delight, 0.0), 1.0)


def hook_features(text: str, language: str) -> dict[str, bool]:
    """Which of HOOK_FEATURES a text has; those that its language has no list for are left out."""
    words, lists = words_of(text), _lists(_written(text, language))
    found = {
        "short": len(words) <= HOOK_WORDS,
        "question": "?" in text,
        "numbers": bool(re.search(r"\d", text)) or _finds("numbers", text, language),
        "early_content": any(len(word) >= CONTENT_LETTERS for word in words[:EARLY]),
    }
    found |= {name: _finds(name, text, language) for name in HOOK_FEATURES if name in lists.keys() - found}
    if "open_reference" in found:
        found["open_reference"] &= not _finds("answer", text, language)
    if "abstract" in lists:
        found["concrete"] = bool(_content(words)) and not _finds("abstract", text, language)
    return found


def payoff_told(hook: str, rest: Sequence[str], twist: str) -> float:
    """Share of the twist's payoff that the hook gives away, 0-1: its last content words that stand in no
    line of `rest` (the others, neither hook nor twist). A viewer who knows the answer has no gap to close."""
    known = {word for line in rest for word in _content(words_of(line))}
    ends = [word for word in words_of(twist) if len(word) >= CONTENT_LETTERS or word.isdecimal()]
    payoff = {_stem(word) for word in ends[-PAYOFF_WORDS:]} - known
    told = {_stem(word) for word in words_of(hook)}
    return len(payoff & told) / len(payoff) if payoff else 0.0


def semantic_loop(first: str, last: str, language: str) -> float:
    """-1 to 1: how far the last line leads back into the first (field practice, 2.1); closers cost 1."""
    reads_on = READS_ON * _ends_open(last, language)
    shares = SHARES_WORDS * min(_overlap(first, last) / SHARED_ENOUGH, 1.0)
    stays_open = STAYS_OPEN * ("?" in first or _finds("open_reference", first, language))
    return reads_on + shares + stays_open - _finds("closer", last, language)


def syllables(text: str) -> int:
    """Syllables of a text: vowel groups, or aksharas without virama in Indic scripts; 1 a word at least."""
    return sum(max(_syllables_of(word), 1) for word in words_of(text))


def lix(lines: Sequence[str]) -> float:
    """Läsbarhetsindex of spoken lines, any language: words a line plus the share of words over 6 letters in
    per cent; up to 35 is easy (field guide 2.1, Script). 0 where nothing is said."""
    words = [word for line in lines for word in words_of(line)]
    if not words:
        return 0.0
    sentences = sum(max(sum(sentence_ends(token) for token in line.split()), 1) for line in lines)
    long = sum(len(word) > LONG_LETTERS for word in words)
    return len(words) / max(sentences, 1) + 100 * long / len(words)


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
    patterns = catalogue.get(language, {})
    return {name: re.compile(pattern) for name, pattern in patterns.items()}


def _finds(name: str, text: str, language: str) -> bool:
    pattern = _lists(_written(text, language)).get(name)
    return bool(pattern and pattern.search(" ".join(words_of(text))))


def _count(name: str, text: str, language: str) -> int:
    pattern = _lists(_written(text, language)).get(name)
    return sum(1 for _ in pattern.finditer(" ".join(words_of(text)))) if pattern else 0


def _written(text: str, language: str) -> str:
    """The list's name: Hindi is written in letters of its own, or in Latin ones."""
    name = language.partition("-")[0].lower()
    return f"{name}-latn" if name == "hi" and text and not _DEVANAGARI.search(text) else name


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
    return {_stem(word) for word in words if len(word) >= CONTENT_LETTERS}


def _stem(word: str) -> str:
    return word[:6].rstrip("s")


def _strip(word: str) -> str:
    return word.strip("".join({c for c in word if unicodedata.category(c)[0] in "PSZC"}))


def _syllables_of(word: str) -> int:
    if any("\u0900" <= c <= "\u0dff" for c in word):
        letters = sum(unicodedata.category(c) == "Lo" for c in word)
        return letters - sum(unicodedata.name(c, "").endswith("VIRAMA") for c in word)
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return groups - silent
