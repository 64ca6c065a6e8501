"""Captions over one shot: which card looks how at which moment, where it stands, how well it reads."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from apps.contracts.decision import Box, FrameSpec
from apps.contracts.media import CaptionBox, Cue
from apps.video.caption_styles import (
    WORD_POP,
    CaptionStyle,
    Card,
    ground_piece,
    lay_card,
    letter_mask,
    paint,
    word_piece,
)
from apps.video.laying import draw
from apps.video.planes import Frame
from apps.video.sprites import Sprite, sprite_of

#: Where captions are centred, share of the frame's height (field guide 1.3: 55-62 %).
CENTRE = 0.588
#: Share of the safe box's width that captions give up in order to stand in the frame's middle: to here.
CENTRED = 0.8
#: Sizes of a popping card in its first moments, a STEP each.
POP = (0.72, 1.07, 1.03)
#: Seconds of one step of POP and WORD_POP.
STEP = 1 / 30
#: Pieces of cards kept; a card has three a word and a few as that pops.
KEPT = 32
#: How far from a letter its surroundings are sampled, from and to, in font sizes: past the softened
#: edge, and not past the thinnest outline, because beside an outline the eye compares with that.
RING = (0.02, 0.055)
#: The number of a card's ground among its words.
_GROUND = -1


@dataclass(frozen=True)
class Look:
    """One picture of a card: the active word and the momentary sizes."""

    cue: int
    active: int
    scale: float = 1.0
    growth: float | None = None


class Captions:
    """The cues of one shot in one style. Times are seconds from the start of the video."""

    def __init__(self, cues: Sequence[Cue], style: CaptionStyle, frame: FrameSpec, box: Box) -> None:
        self.cues = tuple(cue for cue in cues if cue.words)
        self.unit = frame.width / 1080
        self.box = Box(
            left=round(box.left * self.unit),
            top=round(box.top * frame.height / 1920),
            right=round(box.right * self.unit),
            bottom=round(box.bottom * frame.height / 1920),
        )
        self.style = style
        self.middle, room = _column(self.box, frame.width)
        self.cards = tuple(lay_card([w.text for w in c.words], style, room, self.unit) for c in self.cues)
        self.corners = tuple(self._corner(card, frame.height) for card in self.cards)
        self.contrasts = [float("inf")] * len(self.cues)
        self._made: OrderedDict[tuple[int, int, int, float | None], Sprite | None] = OrderedDict()

    def _corner(self, card: Card, height: int) -> tuple[int, int]:
        """The card's top left corner, even, inside the safe box, centred on the column and on CENTRE."""
        left = min(max(self.middle - card.width / 2, self.box.left), self.box.right - card.width)
        top = min(max(CENTRE * height - card.height / 2, self.box.top), self.box.bottom - card.height)
        return ceil(max(left, 0) / 2) * 2, floor(max(top, 0) / 2) * 2

    def at(self, t: float) -> Look | None:
        """What is to be seen at `t` seconds; None between captions."""
        ms = t * 1000
        for n, cue in enumerate(self.cues):
            if cue.start_ms <= ms + 0.5 < cue.end_ms:
                return self._look(n, cue, ms)
        return None

    def _look(self, n: int, cue: Cue, ms: float) -> Look:
        spoken = [k for k, word in enumerate(cue.words) if word.start_ms <= ms + 1000 * STEP / 2]
        active = spoken[-1] if spoken else -1
        if not self.style.pops:
            return Look(n, active)
        age = int((ms - cue.start_ms) / 1000 / STEP + 0.5)
        scale = POP[age] if cue.start_ms > 0 and age < len(POP) else 1.0
        since = int((ms - cue.words[active].start_ms) / 1000 / STEP + 0.5) if spoken else len(WORD_POP)
        return Look(n, active, scale, WORD_POP[max(since, 0)] if since < len(WORD_POP) else None)

    def draw(self, frame: Frame, look: Look) -> None:
        """Lay the card over the frame, piece by piece."""
        card, (left, top) = self.cards[look.cue], self.corners[look.cue]
        x, y = left + card.width / 2, top + card.height / 2
        for piece in self._pieces(look):
            corner = x + (piece.left - x) * look.scale, y + (piece.top - y) * look.scale
            draw(frame, piece, *corner, look.scale)

    def _pieces(self, look: Look) -> Iterator[Sprite]:
        """The card's ground, its words, and last the one that is spoken."""
        order = sorted(range(len(self.cards[look.cue].words)), key=lambda n: n == look.active)
        for n in (_GROUND, *order):
            piece = self._piece(look, n)
            if piece is not None:
                yield piece

    def _piece(self, look: Look, n: int) -> Sprite | None:
        state = look.active if n == _GROUND else (look.active > n) - (look.active < n)
        key = look.cue, n, state, look.growth if n == look.active else None
        if key not in self._made:
            self._made[key] = self._sprite(look, n)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)
        return self._made[key]

    def _sprite(self, look: Look, n: int) -> Sprite | None:
        card, (left, top) = self.cards[look.cue], self.corners[look.cue]
        if n == _GROUND:
            piece = ground_piece(card, look.active)
        else:
            piece = word_piece(card, n, look.active, look.growth)
        if piece is None:
            return None
        return sprite_of(piece.picture, left + piece.left, top + piece.top)

    def measure(self, behind: Frame, look: Look) -> None:
        """Note how well a card, settled, reads on what is `behind` it; the worst of all counts.

        Measured at the size of a 1080 wide frame, whatever the frame is: a preview's letters are too
        small to have pixels of their own colour.
        """
        card, (left, top) = self.cards[look.cue], self.corners[look.cue]
        zoom = max(1, round(1 / self.unit))
        letters = letter_mask(card, look.active, look.growth, zoom=zoom)
        if letters.any():
            ground = behind.bgr((left, top, left + card.width, top + card.height))
            shown = _over(ground, paint(card, look.active, growth=look.growth, zoom=zoom))
            ratio = contrast(relative_luminance(shown), *_around(letters, card.size * zoom))
            self.contrasts[look.cue] = min(self.contrasts[look.cue], ratio)

    def boxes(self) -> tuple[CaptionBox, ...]:
        """Where each card stands and the worst contrast measured; 21 (the most there is) if none was."""
        return tuple(
            CaptionBox(
                start_ms=cue.start_ms,
                end_ms=cue.end_ms,
                left=left,
                top=top,
                right=left + card.width,
                bottom=top + card.height,
                contrast=round(min(ratio, 21.0), 2),
            )
            for cue, card, (left, top), ratio in zip(
                self.cues, self.cards, self.corners, self.contrasts, strict=True
            )
        )


def _column(box: Box, width: int) -> tuple[float, int]:
    """The middle and the breadth of the column captions stand in, pixels.

    The frame's own middle where that costs little: off it, every caption looks misplaced.
    """
    breadth = 2 * min(width // 2 - box.left, box.right - width // 2)
    if breadth >= CENTRED * (box.right - box.left):
        return width / 2, breadth
    return (box.left + box.right) / 2, box.right - box.left


def _over(ground: NDArray[np.uint8], picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A straight-alpha BGRA picture over a BGR ground that is enlarged to its size."""
    ground = cv2.resize(ground, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_LINEAR)
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.rint(ground * (1 - alpha) + picture[..., :3] * alpha).astype(np.uint8)


def _around(letters: NDArray[np.uint8], size: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where letters of `size` pixels are, and the ring of their nearest surroundings."""
    near, far = (max(n + 1, round(share * size)) for n, share in enumerate(RING))
    grown = cv2.dilate(letters, np.ones((2 * far + 1,) * 2, np.uint8))
    border = cv2.dilate(letters, np.ones((2 * near + 1,) * 2, np.uint8))
    core = cv2.erode(letters, np.ones((3, 3), np.uint8))
    return (core if core.any() else letters) > 0, (grown > 0) & (border == 0)


def relative_luminance(bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """WCAG 2.x relative luminance of sRGB pixels, 0-1."""
    return cv2.transform(cv2.LUT(bgr, _LINEAR), _LUMINANCE)


def contrast(
    luminance: NDArray[np.float32], letters: NDArray[np.bool_], surroundings: NDArray[np.bool_]
) -> float:
    """WCAG contrast ratio (1-21) of the weakest tenth of the letters against the strongest tenth around."""
    ink, ground = luminance[letters], luminance[surroundings]
    if not ink.size or not ground.size:
        return 21.0
    (ink_low, ink_high), (ground_low, ground_high) = (np.percentile(x, (10, 90)) for x in (ink, ground))
    light_on_dark = np.median(ink) >= np.median(ground)
    lighter, darker = (ink_low, ground_high) if light_on_dark else (ground_low, ink_high)
    return max((float(lighter) + 0.05) / (float(darker) + 0.05), 1.0)


_C = np.arange(256, dtype=np.float32) / 255
_LUMINANCE = np.array([[0.0722, 0.7152, 0.2126]], np.float32)
_LINEAR = np.where(_C <= 0.04045, _C / 12.92, ((_C + 0.055) / 1.055) ** 2.4).astype(np.float32)
