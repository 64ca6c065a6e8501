"""Which picture a word has: curated YAML, the emoji's names and keywords in its language. No choosing."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import emoji
import yaml
from num2words import num2words

FOLDER = Path(__file__).parent / "lexicon"
#: Languages whose emoji names are used; a text is read in its own and in English.
LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
#: Weight of a picture known by its Unicode name alone, between an idea's (1.5) and a curated thing's (2.5+).
NAMED_WEIGHT = 2.0
#: Weight of a picture that a keyword of its language leads to: what it is about rather than what it is.
ANNOTATED_WEIGHT = 1.5
#: How many small words it counts that a brief names its language.
TOLD_WORDS = 1.5
#: A flag is only drawn beside something better.
FLAG_WEIGHT = 1.4
#: Letters two words must share from the start to count as kin, and as a share of the longer word.
KIN_LETTERS, KIN_SHARE = 5, 0.62
#: The share for a word of another language: "volcánica" is kin to "volcano", "guardava" not to "guard".
KIN_SHARE_ABROAD = 0.75
#: Endings that inflection adds, longest first: English, then Romance and German, then Hindi.
ENDINGS_EN = ("ness", "ing", "est", "ies", "ied", "ers", "ed", "er", "es", "s")
#: Endings before which a consonant doubles.
DOUBLING = ("ing", "ed", "er", "ers", "est")
ENDINGS_OTHER = ("es", "en", "er", "s", "e", "n", "i")
#: What a number before it is multiplied by, in each language ("trois cents" is 300, "three cents" is not).
ROUND = {
    "en": {"hundred": 100, "thousand": 1000},
    "es": {"cientos": 100, "mil": 1000},
    "fr": {"cent": 100, "cents": 100, "mille": 1000},
    "de": {"hundert": 100, "tausend": 1000},
    "it": {"cento": 100, "mila": 1000, "mille": 1000},
    "pt": {"centos": 100, "mil": 1000},
}
#: Number words that num2words leaves out.
ALSO = {"pt": {"duas": 2}}
#: Languages whose small words lose their vowel and lean on the next ("l'ours", "dell'orso").
ELIDING = ("fr", "it")
ENDINGS_HI = ("ियों", "ियाँ", "ाओं", "ों", "ें", "े", "ी", "ा", "ो")


@dataclass(frozen=True)
class Entry:
    """A picture, how strongly a word for it counts (about 1-3), and the theme it belongs to."""

    emoji: str
    weight: float
    theme: str


#: Parts of hints.yaml that are plain lists of words.
PLAIN_HINTS = (
    *("weak", "guarded", "verb_cues", "never", "country_doubles", "magnitudes", "units", "absent"),
    *("versus", "scale", "shrinking", "turning", "nearing", "leaving", "hinglish", "false_friends"),
)


@dataclass(frozen=True)
class Hints:
    """Words that say how other words are to be read; all folded."""

    weak: frozenset[str]
    guarded: frozenset[str]
    verb_cues: frozenset[str]
    never: frozenset[str]
    country_doubles: frozenset[str]
    countries: dict[str, str]
    numbers: dict[str, int]
    magnitudes: frozenset[str]
    versus: frozenset[str]
    scale: frozenset[str]
    shrinking: frozenset[str]
    turning: frozenset[str]
    absent: frozenset[str]
    units: frozenset[str]
    nearing: frozenset[str]
    leaving: frozenset[str]
    hinglish: frozenset[str]
    false_friends: frozenset[str]
    stopwords: dict[str, frozenset[str]]
    #: Language -> its words that English spells too and means something else by.
    false_friends_in: dict[str, frozenset[str]]
    alike: dict[str, tuple[str, ...]]
    colours: dict[str, str]
    coloured: dict[str, str]


def fold(word: str) -> str:
    """A word as it is looked up: lower case, no outer punctuation, no Latin accents, one apostrophe."""
    plain = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    plain = re.sub(r"^[^\w#$€£₹+-]+|[^\w%+]+$", "", plain.removesuffix("'s"), flags=re.UNICODE)
    if any("\u0900" <= c <= "\u097f" for c in word):
        # \w leaves a vowel sign that ends a Devanagari word outside; the sign is part of the word.
        # The dot below is left off as often as it is written.
        spoken = unicodedata.normalize("NFD", word.casefold()).replace("\u093c", "")
        return unicodedata.normalize("NFC", re.sub(r"[।,.!?;:\"'()…-]+", "", spoken))
    parts = unicodedata.normalize("NFD", plain)
    return unicodedata.normalize("NFC", "".join(c for c in parts if not unicodedata.combining(c)))


def phrase(text: str) -> tuple[str, ...]:
    """The folded words of a phrase."""
    return tuple(word for word in map(fold, re.split(r"[\s_/–—]+", text)) if word)


def forms(word: str, language: str = "en") -> Iterator[str]:
    """The word, then what it may be an inflection of, likeliest first; without the article it begins with."""
    yield word
    if "'" in word and language in ELIDING:
        yield from forms(word.rpartition("'")[2], language)
    for ending in _endings(word, language):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= (2 if ending[0] > "\u0900" else 3):
            if ending not in ("ies", "ied"):
                yield stem
            yield from (stem + vowel for vowel in _vowels(ending, language))
            if ending in DOUBLING and len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


def _endings(word: str, language: str) -> tuple[str, ...]:
    if word[:1] > "\u0900":
        return ENDINGS_HI
    return ENDINGS_EN if language == "en" else ENDINGS_OTHER


def _vowels(ending: str, language: str) -> tuple[str, ...]:
    """What an ending may have taken the place of."""
    if ending[0] > "\u0900":
        return ("ा", "ी")
    if language == "en":
        return ("y",) if ending in ("ies", "ied") else ("e",) if ending[0] in "ei" else ()
    return {"i": ("o", "e"), "e": ("a",)}.get(ending, ())


@cache
def curated(*, european: bool = False) -> dict[tuple[str, ...], Entry]:
    """Phrase -> entry, from the YAML files in order of weight; the first file to name a phrase has it.

    English, and Hindi in both scripts; `european` Spanish, French, German, Italian and Portuguese instead.
    """
    topics = sorted((t for t in _topics() if european == bool(t.get("european"))), key=lambda t: -t["weight"])
    # The lists by language hold things of every theme: a picture has the theme of the English lists.
    themes = {e: t["theme"] for t in reversed(_topics()) for e in t["entries"] if t["theme"] != "things"}
    found: dict[tuple[str, ...], Entry] = {}
    for topic in topics:
        for picture, words in topic["entries"].items():
            theme = themes.get(picture, "things") if topic["theme"] == "things" else topic["theme"]
            for text in words.split(","):
                found.setdefault(phrase(text), Entry(picture, topic["weight"], theme))
    return found


@cache
def named(language: str) -> dict[tuple[str, ...], Entry]:
    """Phrase -> entry, from the emoji's Unicode names in one language, flags left out."""
    themes = {entry.emoji: entry.theme for entry in curated().values()}
    never = hints().never
    emoji.config.load_language(language)
    found: dict[tuple[str, ...], Entry] = {}
    for picture, data in emoji.EMOJI_DATA.items():
        words = phrase(data.get(language, "").strip(":"))
        if _drawable(picture, data) and words and not _unfit(words, language, never):
            found.setdefault(words, Entry(picture, NAMED_WEIGHT, themes.get(picture, "things")))
    return found


def drawable_pictures() -> list[str]:
    """Every emoji that is a picture of something, as the typeface has it."""
    return [picture for picture, data in emoji.EMOJI_DATA.items() if _drawable(picture, data)]


@cache
def annotated(language: str) -> dict[tuple[str, ...], Entry]:
    """Word -> entry, from the CLDR's keywords (annotations/, made by scripts/read_annotations.py)."""
    themes = {entry.emoji: entry.theme for entry in curated().values()}
    never = hints().never | hints().weak | hints().scale | hints().colours.keys()
    found: dict[tuple[str, ...], Entry] = {}
    for line in (FOLDER / "annotations" / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        picture, *words = line.split(" ")
        entry = Entry(picture, ANNOTATED_WEIGHT, themes.get(picture, "things"))
        found |= {(word,): entry for word in words if not _unfit((word,), language, never)}
    return found


@cache
def flags(language: str) -> dict[tuple[str, ...], str]:
    """Country name -> flag, in one language."""
    emoji.config.load_language(language)
    pairs = {
        phrase(data[language].strip(":")): picture
        for picture, data in emoji.EMOJI_DATA.items()
        if len(picture) == 2 and "\U0001f1e6" <= picture[0] <= "\U0001f1ff" and language in data
    }
    return pairs | {phrase(name): flag for name, flag in hints().countries.items()}


@cache
def kin() -> dict[str, tuple[tuple[str, Entry], ...]]:
    """First letters -> the curated single words that begin with them."""
    found: dict[str, list[tuple[str, Entry]]] = {}
    for words, entry in curated().items():
        if len(words) == 1 and len(words[0]) >= KIN_LETTERS:
            found.setdefault(words[0][:KIN_LETTERS], []).append((words[0], entry))
    return {start: tuple(words) for start, words in found.items()}


def nearest(word: str, share: float = KIN_SHARE) -> Entry | None:
    """The curated English word that shares the longest beginning with `word`, if that is `share` of both."""
    best, length = None, 0
    if word.endswith("ly"):
        return None  # "quietly" is about how something is done, not about quiet
    for other, entry in kin().get(word[:KIN_LETTERS], ()):
        shared = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
        shared = min(len(word), len(other)) if shared is None else shared
        is_most = shared >= share * max(len(word), len(other)) and shared >= min(len(word), len(other)) - 1
        if shared > length and is_most and not (shared == KIN_LETTERS and len(other) > shared):
            best, length = entry, shared
    return best


def language_of(words: list[str], told: str = "") -> str:
    """The language whose small words occur most among folded `words`; as `told` where that is not clear."""
    stopwords, told = hints().stopwords, told.partition("-")[0].lower()
    scores: dict[str, float] = {
        name: sum(word in small for word in words) for name, small in stopwords.items()
    }
    scores[told] = scores.get(told, 0) + TOLD_WORDS
    return max(LANGUAGES, key=lambda language: (scores[language], language == "en"))


@cache
def hints() -> Hints:
    """lexicon/hints.yaml."""
    raw: dict[str, str] = yaml.safe_load((FOLDER / "hints.yaml").read_text(encoding="utf-8"))
    sets = {name: frozenset(" ".join(phrase(t)) for t in text.split(",")) for name, text in raw.items()}
    pairs = {
        name: dict(item.rsplit(":", 1) for item in raw[name].split(","))
        for name in ("countries", "numbers", "coloured")
    }
    return Hints(
        **{name: sets[name] for name in PLAIN_HINTS},
        countries={name.strip(): flag.strip() for name, flag in pairs["countries"].items()},
        numbers={fold(name.strip()): int(value) for name, value in pairs["numbers"].items()},
        colours={
            fold(word): name.strip()
            for name, _, words in (item.partition(":") for item in raw["colours"].split(","))
            for word in words.split()
        },
        alike={
            name.strip(): tuple(pictures.split())
            for name, _, pictures in (item.partition(":") for item in raw["alike"].split(","))
        },
        coloured={name.strip(): picture.strip() for name, picture in pairs["coloured"].items()},
        stopwords={language: sets[f"stopwords_{language}"] for language in LANGUAGES},
        false_friends_in={language: sets[f"false_friends_{language}"] for language in LANGUAGES[1:]},
    )


@cache
def numbers(language: str) -> dict[str, int]:
    """Number words of a language, folded: what it says in one word up to 99, and its round numbers.

    English and Hindi, in both scripts, are one list: Hinglish counts in both.
    """
    if language not in ROUND or language == "en":
        return hints().numbers
    said = {fold(num2words(n, lang=language)): n for n in (*range(2, 100), *range(100, 1000, 100))}
    return {word: n for word, n in said.items() if " " not in word} | ROUND[language] | ALSO.get(language, {})


def tables(word: str, language: str) -> tuple[dict[tuple[str, ...], Entry], ...]:
    """Where to look `word` up, in this order: what its own language calls things, then English.

    What means something else in its own language ("Gift", "four", "burro") is not looked up in English.
    """
    if word[:1] > "\u0900":
        return curated(), annotated("hi")
    english = (curated(), named("en"))
    if language == "en":
        return english
    own = (curated(european=True), named(language), annotated(language))
    return own if word in hints().false_friends_in[language] else (*own, *english)


@cache
def _topics() -> list[dict[str, Any]]:
    files = sorted(path for path in FOLDER.glob("*.yaml") if path.name not in ("hints.yaml", "places.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]


def _unfit(words: tuple[str, ...], language: str, never: frozenset[str]) -> bool:
    return words[0] in numbers(language) or (len(words) == 1 and words[0] in never)


def _drawable(picture: str, data: dict[str, object]) -> bool:
    """Fully qualified, no skin tone, no flag, no letter or sign that is text rather than picture."""
    english = str(data["en"])
    is_text = re.search(
        r"button|keycap|input_|_o’clock|thirty|square|circle|_arrow|triangle_pointed", english
    )
    is_flag = "\U0001f1e6" <= picture[0] <= "\U0001f1ff" or picture[0] == "\U0001f3f4"
    return data["status"] == emoji.STATUS["fully_qualified"] and not (
        is_text or is_flag or "skin_tone" in english
    )
