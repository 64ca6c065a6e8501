"""How a short begins, in the form that two of them are compared in. Text in, text out; no I/O."""

import unicodedata

#: Words that make an opening: two shorts that share them sound alike from the first second.
OPENING_WORDS = 3


def opening_of(text: str) -> str:
    """The first three words of a script: lower case, NFC, no marks at their edges, single spaces.

    Fewer where the text has fewer; "" where it has none.
    """
    words = (_bare(word) for word in unicodedata.normalize("NFC", text).lower().split())
    return " ".join([word for word in words if word][:OPENING_WORDS])


def _bare(word: str) -> str:
    """The word without marks, symbols and invisible signs at its edges."""
    return word.strip("".join({c for c in word if unicodedata.category(c)[0] in "PSZC"}))
