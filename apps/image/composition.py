"""What a composition is made of: pieces, the actors that move them, and the stage behind. No pixels.

All lengths are pixels of a 1080x1920 frame, whatever size is drawn; angles are degrees clockwise.
"""

from dataclasses import dataclass

WIDTH, HEIGHT = 1080, 1920


@dataclass(frozen=True, kw_only=True)
class Area:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def part(self, left: float, top: float, right: float, bottom: float) -> "Area":
        """The part between shares 0-1 of the width and height; shares may reach beyond."""
        return Area(
            left=self.left + left * self.width,
            top=self.top + top * self.height,
            right=self.left + right * self.width,
            bottom=self.top + bottom * self.height,
        )


@dataclass(frozen=True, kw_only=True)
class Sticker:
    """An emoji whose longer side is `size`, centred on (x, y).

    `stands` puts its foot on the lower edge of that square, with a shadow on the ground; `mirrored` has it
    look the other way.
    """

    emoji: str
    x: float
    y: float
    size: float
    tilt: float = 0.0
    stands: bool = False
    mirrored: bool = False


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """Text fitted into an area. `role` is the fill: paper, ink, stage or sun; `card` puts it on a card."""

    text: str
    area: Area
    role: str = "paper"
    card: str = ""
    tilt: float = 0.0
    largest: float = 420.0


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A few characters in a disc."""

    text: str
    x: float
    y: float
    radius: float
    tilt: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """A curved arrow from one point to another."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Dial:
    """A ring of which `share` (0-1) is filled."""

    x: float
    y: float
    radius: float
    share: float


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """A thought: a cloud of a radius, smaller ones leading down to `towards`."""

    x: float
    y: float
    radius: float
    towards: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A word on a small card, with a line to the point that it names."""

    text: str
    area: Area
    point: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Columns that stand on the lower edge of an area; `heights` are shares 0-1."""

    area: Area
    heights: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Slab:
    """A plain card in one of the palette's tones (0-3)."""

    area: Area
    tone: int = 0


Piece = Slab | Bubble | Tag | Bars | Sticker | Lettering | Badge | Arrow | Dial


def bounds(piece: Piece) -> Area:
    """The rectangle that a piece covers, its tilt aside."""
    if isinstance(piece, Lettering | Tag | Bars | Slab):
        return piece.area
    if isinstance(piece, Arrow):
        (x1, y1), (x2, y2) = piece.start, piece.end
        return Area(left=min(x1, x2), top=min(y1, y2), right=max(x1, x2), bottom=max(y1, y2))
    if isinstance(piece, Bubble):
        (tx, ty), r = piece.towards, piece.radius * 1.3
        reach = Area(left=piece.x - r, top=piece.y - r, right=piece.x + r, bottom=piece.y + r)
        return Area(
            left=min(reach.left, tx),
            top=min(reach.top, ty),
            right=max(reach.right, tx),
            bottom=max(reach.bottom, ty),
        )
    half = piece.size / 2 if isinstance(piece, Sticker) else piece.radius
    return Area(left=piece.x - half, top=piece.y - half, right=piece.x + half, bottom=piece.y + half)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Pieces that move together; see contracts Layer for `act` and `word`."""

    pieces: tuple[Piece, ...]
    act: str = "pop"
    word: int | None = None


@dataclass(frozen=True, kw_only=True)
class Set:
    """One shape of the stage behind the actors: `kind` names a painter, `tone` a palette colour (0-3)."""

    kind: str
    area: Area
    tone: int = 0
    tilt: float = 0.0
    emoji: str = ""


@dataclass(frozen=True, kw_only=True)
class Composition:
    """A laid-out scene: the stage's sets back to front, then the actors back to front."""

    style: str
    sets: tuple[Set, ...]
    actors: tuple[Actor, ...]
