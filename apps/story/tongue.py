"""Which of our languages a text is in, judged cheaply: by its script and its commonest words."""

import unicodedata

from apps.story.phrases import by_name, languages
from apps.story.wording import words

#: Words below which a text is too short to be judged by its common words.
FEWEST_WORDS = 8
#: How much larger the share of another language's common words must be to speak against the wanted one.
LEAD = 0.15
#: Share of letters outside the wanted script that a text may have: names and loan words.
FOREIGN = 0.5


def is_in(text: str, language: str) -> bool:
    """Whether `text` can be in `language` (a phrase book's: "hi-latn" is Hindi in Latin letters).

    A text too short to tell is taken to be.
    """
    letters = [ch for ch in text if ch.isalpha()]
    if not letters:
        return True
    other = sum(_script(ch) != ("DEVANAGARI" if language == "hi" else "LATIN") for ch in letters)
    if other > FOREIGN * len(letters):
        return False
    if language == "hi" or len(words(text)) < FEWEST_WORDS:
        return True
    shares = common_shares(text)
    rival = max(share for name, share in shares.items() if name != language)
    return rival - shares[language] < LEAD


def common_shares(text: str) -> dict[str, float]:
    """By language written in Latin letters: the share of the words that are among its function words."""
    found = words(text)
    names = (*sorted(languages() - {"hi"}), "hi-latn")
    return {name: sum(w in by_name(name).stopwords for w in found) / max(1, len(found)) for name in names}


def is_hinglish(text: str) -> bool:
    """Whether a text in Latin letters has Hindi's own function words in it."""
    own = by_name("hi-latn").stopwords - by_name("en").stopwords - {"the"}
    return any(word in own for word in words(text))


def _script(ch: str) -> str:
    return unicodedata.name(ch, "").partition(" ")[0]
