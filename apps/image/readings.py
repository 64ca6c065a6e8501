"""What a scene is understood to be: its subjects, its figures, its place. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One picture, how often it is there, and the narration word that names it (None: not spoken)."""

    emoji: str
    name: str
    count: int = 1
    word: int | None = None
    weight: float = 1.0
    theme: str = "things"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number worth showing large, what it counts, and its word."""

    value: str
    unit: str
    word: int | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A scene understood. `relation` is "", "versus", "scale", "shrinking", "turning" or "list".

    `keyword` is its weightiest word, for where nothing can be drawn; `headline` what a first frame says
    in large letters, as it is spoken, and `beside` what it says where the figure is shown large;
    `figures` are all its numbers of one kind, in order; `moving` is "near" or "leave" and the word that
    says that the main subject does so; `place` names where it is set.
    """

    subjects: tuple[Subject, ...]
    figure: Figure | None
    relation: str
    keyword: str
    theme: str
    headline: str = ""
    beside: str = ""
    moving: tuple[str, int] | None = None
    figures: tuple[Figure, ...] = ()
    place: str = "studio"
