"""Where a scene is set, from its words and its pictures. Text in, the name of a place out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import yaml

from apps.image.lexicon import FOLDER, phrase

#: Where nothing says where it is.
NOWHERE = "studio"
#: Longest phrase that names a place, words.
LONGEST = 3
#: Themes that say little of where something is.
VAGUE = ("things", "ideas")


@dataclass(frozen=True)
class Places:
    """What names a place: phrases, the pictures that live there, the themes at home there, what it shows."""

    words: dict[tuple[str, ...], str]
    pictures: dict[str, str]
    themes: dict[str, str]
    shown: dict[str, frozenset[str]]


@cache
def places() -> Places:
    """lexicon/places.yaml; the first place to name something has it."""
    raw: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "places.yaml").read_text(encoding="utf-8"))
    words: dict[tuple[str, ...], str] = {}
    pictures: dict[str, str] = {}
    themes: dict[str, str] = {}
    shown = {place: frozenset(map(_plain, said.get("shows", "").split())) for place, said in raw.items()}
    for place, said in raw.items():
        for text in said.get("words", "").split(","):
            words.setdefault(phrase(text), place)
        for picture in said.get("pictures", "").split():
            pictures.setdefault(_plain(picture), place)
        for theme in said.get("themes", "").split(","):
            themes.setdefault(theme.strip(), place)
    return Places(words, pictures, themes, shown)


def named_in(folded: list[str]) -> str:
    """The place that folded words name outright; empty where they name none."""
    known = places().words
    for at in range(len(folded)):
        for length in range(min(LONGEST, len(folded) - at), 0, -1):
            found = known.get(tuple(folded[at : at + length]), "")
            if found:
                return found
    return ""


def of_pictures(pictures: Iterable[tuple[str, str]]) -> str:
    """Where the first of some (emoji, theme) pairs is at home; things of every day only count last."""
    known = places()
    vague = ""
    for picture, theme in pictures:
        home = known.pictures.get(_plain(picture), "")
        if home or theme not in VAGUE:
            return home or known.themes.get(theme, "")
        vague = vague or known.themes.get(theme, "")
    return vague


def shows(place: str, picture: str) -> bool:
    """Whether a place is itself what the picture shows (a desert is sand already)."""
    return _plain(picture) in places().shown.get(place, frozenset())


def _plain(picture: str) -> str:
    return picture.replace("\ufe0f", "")
