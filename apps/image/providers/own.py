"""The user's own images and clips: those given with the brief, then those of a folder.

A file is chosen by the words of its name. Each is shown once before any is shown twice.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from apps.contracts.story import Depiction
from apps.foundation import blobs
from apps.foundation.notices import tell
from apps.foundation.providers import UnableToProvide
from apps.image import uploads
from apps.image.clips import UnableToReadClip
from apps.image.photos import UnableToReadImage
from apps.image.providers import Rendering, Request
from apps.image.showing import show

#: Endings of the files that are looked into.
SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".mp4", ".mov", ".m4v", ".webm"))
#: Files of a folder that are considered, by name.
MOST_FILES = 1000
#: Letters from which on a name's token is a word, and those that two words must share from the start.
LEAST_LETTERS, STEM = 3, 5
#: Times that a word of the scene itself counts more than one of its topic.
OVER_TOPIC = 10
#: Names that cameras and programs give.
NAMELESS = re.compile(
    r"^(img|dsc|dscn|pxl|mvi|vid|image|video|photo|screenshot|untitled|whatsapp|final|copy)$"
)
_REMEDY = (
    "Give the brief JPEG, PNG, WebP, MP4, MOV or WebM files, or set PICTURES_FOLDER to a folder of some."
)


@dataclass(frozen=True)
class Medium:
    """One file: its name, and either its key in storage or its path in the folder."""

    name: str
    key: str = ""
    path: Path | None = None

    @property
    def tokens(self) -> frozenset[str]:
        """The words of its name."""
        return tokens_of(PurePosixPath(self.name).stem)


class Own:
    """The provider."""

    def __init__(self, folder: str = "") -> None:
        self._folder = folder

    def draw(self, request: Request) -> Rendering:
        """The file that fits the scene best, framed. Raises UnableToProvide where there is none."""
        for medium in self._chosen(request):
            try:
                with _file(medium) as file:
                    return show(
                        file,
                        request,
                        subjects=(medium.name,),
                        credit=_credit(medium),
                        precious=True,
                    )
            except (UnableToReadImage, UnableToReadClip) as broken:
                tell("own_media_skipped", file=medium.name, reason=str(broken))
            except (FileNotFoundError, PermissionError):
                tell(
                    "own_media_skipped", file=medium.name, reason="The file is not there or cannot be opened."
                )
        raise UnableToProvide(f"There is no image or clip of your own that can be used. {_REMEDY}")

    def _chosen(self, request: Request) -> list[Medium]:
        """All files, the one to show first at the front."""
        media = [
            Medium(name=PurePosixPath(key).name, key=key) for key in request.media if uploads.is_key(key)
        ]
        given = len(media)
        media += _files_in(self._folder)
        uses: Counter[int] = Counter()
        for shown in request.earlier:
            uses.update(_ranked(media, given, shown, uses)[shown.variation % max(1, len(media)) :][:1])
        order = _ranked(media, given, request.depiction, uses)
        turn = request.variation % max(1, len(order))
        return [media[n] for n in (*order[turn:], *order[:turn])]


def tokens_of(text: str) -> frozenset[str]:
    """The words of a text, lower case and without accents; figures and short words left out."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    folded = unicodedata.normalize("NFKD", apart.casefold())
    letters = "".join(
        c if c.isalpha() or unicodedata.category(c) == "Mc" else "" if unicodedata.combining(c) else " "
        for c in folded
    )
    return frozenset(w for w in letters.split() if len(w) >= LEAST_LETTERS and not NAMELESS.match(w))


def fit(tokens: frozenset[str], wanted: frozenset[str]) -> int:
    """How many of a name's words a scene has, whole (2) or by their beginnings (1)."""
    return sum(2 if t in wanted else any(_kin(t, w) for w in wanted) for t in tokens)


def _kin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (long.startswith(short) and len(long) - len(short) <= 2) or (
        len(short) > STEM and one[:STEM] == other[:STEM]
    )


def _ranked(media: Sequence[Medium], given: int, shown: Depiction, uses: Counter[int]) -> list[int]:
    """Indices of the files: the least used first, the brief's before the folder's, then by their names.

    A file whose name says what it shows waits for its scene where another would do as well.
    """
    scene, _, topic = shown.visual.partition(";")
    said, about = tokens_of(f"{scene} {' '.join(shown.words)}"), tokens_of(topic)

    def rank(n: int) -> tuple[int, bool, int, bool, int]:
        tokens = media[n].tokens
        # The topic is in every scene, so its words tell the scenes apart only where nothing else does.
        fits = OVER_TOPIC * fit(tokens, said) + fit(tokens, about)
        return uses[n], n >= given, -fits, bool(tokens), n

    return sorted(range(len(media)), key=rank)


def _files_in(folder: str) -> list[Medium]:
    if not folder or not Path(folder).is_dir():
        return []
    names = sorted(p.name for p in Path(folder).iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    return [Medium(name=name, path=Path(folder) / name) for name in names[:MOST_FILES]]


@contextmanager
def _file(medium: Medium) -> Iterator[Path]:
    if medium.path is not None:
        yield medium.path
        return
    with blobs.local(medium.key) as file:
        yield file


def _credit(medium: Medium) -> str:
    """The first line of the note beside the file (cat.jpg, cat.txt); what was sent with an upload."""
    try:
        if medium.path is not None:
            note = medium.path.with_suffix(".txt").read_bytes()
        else:
            note = blobs.read_bytes(uploads.credit_key(medium.key))
    except OSError:
        return ""
    return uploads.credit_line(note.decode("utf-8-sig", errors="replace").partition("\n")[0])
