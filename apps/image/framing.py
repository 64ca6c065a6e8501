"""A photo as the layers of a vertical picture: cropped about its subject, or whole before its own blur.

Arrays in, files' bytes out; knows no Django.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from apps.contracts.decision import FrameSpec
from apps.image import grading, png
from apps.image.palette import Palette, channels
from apps.image.photos import Photo
from apps.image.saliency import Map, Window, best_window, saliency, scattered, standing

Pixels = npt.NDArray[np.uint8]

#: Share by which a layer is larger than the frame; the motion has half of it on every side.
OVERSCAN = 0.12
#: How far a photo is enlarged before its softness shows on a phone; beyond, it stands whole before a blur.
MOST_ENLARGED = 1.6
#: Share of what stands out that a crop has to keep, so that no subject is left out.
HELD = 0.65
#: Shares of the largest window that are tried too: nearer, a low subject stands above the captions.
CLOSER = (0.9, 0.8)
#: Share of what a larger window keeps that a nearer one has to keep too.
AS_GOOD = 0.95
#: How scattered (see saliency.scattered) a wide view is, any part of which is as good.
WIDE_VIEW = 0.22
#: Share of pixels that are just like their neighbours: a drawing, a chart or a screenshot, not a photo.
FLAT = 0.6
#: A photo's JPEG quality; the encoder after it leaves more marks than this does.
QUALITY = 92
#: Preview: share of the frame, and JPEG quality.
PREVIEW_SHARE, PREVIEW_QUALITY = 0.5, 86
#: The room of a whole photo, shares of the frame: width, height, and where its middle stands.
CARD_WIDTH, CARD_HEIGHT, CARD_MIDDLE = 0.88, 0.54, 0.40
#: Depth of the whole photo before its blur.
CARD_DEPTH = 0.6
#: Radius of a card's corners and of its shadow, shares of the frame's width.
CORNER, SHADOW = 0.03, 0.03
#: Share of what stands out that a card keeps where its sides are taken off, so that the rest is larger; and
#: the steps between taking off most and nothing.
CARD_KEPT, CARD_STEPS = 0.92, 4


@dataclass(frozen=True)
class FramedLayer:
    """One layer's file and place; (left, top) in canvas pixels, even."""

    data: bytes
    depth: float
    left: int = 0
    top: int = 0


@dataclass(frozen=True)
class Framed:
    """Layers back to front, a JPEG of them at rest, and how it was framed: "photo", "card" or "clip"."""

    layers: tuple[FramedLayer, ...]
    preview: bytes
    style: str


def canvas_size(frame: FrameSpec) -> tuple[int, int]:
    """Width and height of the canvas, even numbers: the frame and OVERSCAN."""
    width, height = (2 * round(side * (1 + OVERSCAN) / 2) for side in (frame.width, frame.height))
    return width, height


def crop_of(
    size: tuple[int, int], found: Map, canvas: tuple[int, int], *, precious: bool = False
) -> Window | None:
    """The window of the canvas's shape about a picture's subject; None where the subject does not fit
    into it, or it would have to be enlarged too much.

    `size` is the picture's, pixels. A `precious` picture is cropped only where its subject is certain.
    """
    window = widest(size, found, canvas)
    enlarged = canvas[1] / ((window.bottom - window.top) * size[1])
    for share in CLOSER:
        if enlarged / share <= MOST_ENLARGED:
            nearer = widest(size, found, canvas, share)
            window = (
                nearer if nearer.worth > window.worth and nearer.kept >= AS_GOOD * window.kept else window
            )
    fits = window.kept >= HELD or (not precious and scattered(found) >= WIDE_VIEW)
    return window if fits and enlarged <= MOST_ENLARGED else None


def widest(size: tuple[int, int], found: Map, canvas: tuple[int, int], share: float = 1.0) -> Window:
    """The largest window of the canvas's shape, or a `share` of it, about what catches the eye."""
    across = min(1.0, canvas[0] / canvas[1] * size[1] / size[0])
    down = min(1.0, canvas[1] / canvas[0] * size[0] / size[1])
    return best_window(standing(found) if across < 1 else found, across * share, down * share)


def frame_photo(
    photo: Photo, frame: FrameSpec, palette: Palette, *, precious: bool = False, always_fill: bool = False
) -> Framed:
    """The photo in a vertical frame. `always_fill` crops whatever is lost: for pictures made to fill it."""
    canvas = canvas_size(frame)
    pixels = grading.apply(grading.grade_for(_thumbnail(photo.pixels), palette), photo.pixels)
    if photo.alpha is not None:
        return _card(Photo(pixels, photo.alpha), frame, _lit(palette, canvas))
    found, size = saliency(pixels), (pixels.shape[1], pixels.shape[0])
    whole = widest(size, found, canvas)
    uncut = precious and is_graphic(photo.pixels)
    window = whole if always_fill else crop_of(size, found, canvas, precious=precious)
    if window is None or uncut:
        room = frame.width * CARD_WIDTH / (frame.height * CARD_HEIGHT)
        strip = pixels if uncut else cut(pixels, closest(found, room * size[1] / size[0]))
        return _card(Photo(strip), frame, blurred(cut(pixels, whole), canvas, palette))
    filled = grading.shaded(resized(cut(pixels, window), canvas), palette.ink)
    return Framed((FramedLayer(jpeg(filled), 0.0),), preview_of(filled, frame), "photo")


def is_graphic(pixels: Pixels) -> bool:
    """Whether it is drawn and not photographed: words or figures in it could be lost in a crop."""
    return bool((pixels[1:, 1:] == pixels[:-1, :-1]).all(axis=2).mean() > FLAT)


def closest(found: Map, narrowest: float) -> Window:
    """The narrowest upright strip of a picture that still holds its subjects; `narrowest` is a share."""
    wide = standing(found)
    for share in np.linspace(min(1.0, narrowest), 1.0, CARD_STEPS)[:-1]:
        window = best_window(wide, float(share), 1.0)
        if window.kept >= CARD_KEPT:
            return window
    return Window(0.0, 0.0, 1.0, 1.0)


def cut(pixels: Pixels, window: Window) -> Pixels:
    """The part of the pixels that lies in the window."""
    height, width = pixels.shape[:2]
    left, top = round(window.left * width), round(window.top * height)
    right, bottom = round(window.right * width), round(window.bottom * height)
    return pixels[top : max(bottom, top + 1), left : max(right, left + 1)]


def resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Pixels at another size, averaged where it is smaller, Lanczos where it is larger."""
    shrinks = size[0] < pixels.shape[1]
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LANCZOS4)


def blurred(pixels: Pixels, canvas: tuple[int, int], palette: Palette) -> Pixels:
    """Pixels of the canvas's shape as a backdrop: out of focus and darker."""
    small = resized(pixels, (canvas[0] // 12, canvas[1] // 12))
    soft = cv2.GaussianBlur(small, (0, 0), small.shape[1] / 7, borderType=cv2.BORDER_REPLICATE)
    large = cv2.resize(soft, canvas, interpolation=cv2.INTER_CUBIC)
    ink = np.array(channels(palette.ink)[::-1], np.float32)
    return grading.shaded(np.rint(large * 0.72 + ink * 0.28).astype(np.uint8), palette.ink)


def jpeg(pixels: Pixels, quality: int = QUALITY) -> bytes:
    """BGR pixels as a JPEG."""
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])


def preview_of(canvas: Pixels, frame: FrameSpec) -> bytes:
    """The canvas cut to the frame and halved, as a JPEG."""
    left, top = ((canvas.shape[1 - i] - side) // 2 for i, side in enumerate((frame.width, frame.height)))
    inner = canvas[top : top + frame.height, left : left + frame.width]
    size = (round(frame.width * PREVIEW_SHARE), round(frame.height * PREVIEW_SHARE))
    return jpeg(cv2.resize(inner, size, interpolation=cv2.INTER_AREA), PREVIEW_QUALITY)


def _card(photo: Photo, frame: FrameSpec, backdrop: Pixels) -> Framed:
    """The whole photo, with a shadow, before a backdrop."""
    width, height = _fitted((photo.pixels.shape[1], photo.pixels.shape[0]), frame)
    pixels = resized(photo.pixels, (width, height))
    alpha = _rounded(width, height, frame) if photo.alpha is None else resized(photo.alpha, (width, height))
    card = _with_shadow(pixels, alpha, round(frame.width * SHADOW))
    left = 2 * round((backdrop.shape[1] - card.shape[1]) / 4)
    middle = (backdrop.shape[0] - frame.height) / 2 + CARD_MIDDLE * frame.height
    top = 2 * round((middle - card.shape[0] / 2) / 2)
    layers = (
        FramedLayer(jpeg(backdrop), 0.0),
        FramedLayer(png.encode(cv2.cvtColor(card, cv2.COLOR_BGRA2RGBA)), CARD_DEPTH, left, top),
    )
    return Framed(layers, preview_of(_over(backdrop, card, left, top), frame), "card")


def _fitted(size: tuple[int, int], frame: FrameSpec) -> tuple[int, int]:
    room = (frame.width * CARD_WIDTH, frame.height * CARD_HEIGHT)
    scale = min(room[0] / size[0], room[1] / size[1], MOST_ENLARGED)
    return max(2, 2 * round(size[0] * scale / 2)), max(2, 2 * round(size[1] * scale / 2))


def _rounded(width: int, height: int, frame: FrameSpec) -> Pixels:
    radius = max(1, round(frame.width * CORNER))
    mask = np.zeros((height * 2, width * 2), np.uint8)
    core = np.s_[2 * radius : 2 * (height - radius), :], np.s_[:, 2 * radius : 2 * (width - radius)]
    for part in core:
        mask[part] = 255
    for y in (2 * radius, 2 * (height - radius) - 1):
        for x in (2 * radius, 2 * (width - radius) - 1):
            cv2.circle(mask, (x, y), 2 * radius, 255, -1)
    return cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)


def _with_shadow(pixels: Pixels, alpha: Pixels, radius: int) -> Pixels:
    """BGRA pixels with a soft shadow below; larger by two radii on every side."""
    room = 2 * max(2, radius + radius % 2)
    border = (room, room, room, room, cv2.BORDER_CONSTANT)
    pixels, alpha = cv2.copyMakeBorder(pixels, *border), cv2.copyMakeBorder(alpha, *border)
    lowered = np.roll(alpha, round(radius * 0.6), axis=0)
    shadow = cv2.GaussianBlur(lowered, (0, 0), max(1.0, radius * 0.7)) * 0.55
    cover = alpha.astype(np.float32) / 255
    total = cover + shadow / 255 * (1 - cover)
    colour = pixels * (cover / np.maximum(total, 1e-4))[:, :, None]
    return np.dstack((np.rint(colour).astype(np.uint8), np.rint(total * 255).astype(np.uint8)))


def _over(backdrop: Pixels, card: Pixels, left: int, top: int) -> Pixels:
    flat = backdrop.copy()
    area = flat[max(top, 0) : top + card.shape[0], max(left, 0) : left + card.shape[1]]
    part = card[max(-top, 0) :, max(-left, 0) :][: area.shape[0], : area.shape[1]]
    share = part[:, :, 3:].astype(np.float32) / 255
    area[:] = np.rint(area * (1 - share) + part[:, :, :3] * share).astype(np.uint8)
    return flat


def _lit(palette: Palette, canvas: tuple[int, int]) -> Pixels:
    """A plain ground in the palette's colours, for a picture that brings none."""
    stops = np.array([[channels(c)[::-1]] for c in (palette.glow, palette.top, palette.ink)], np.uint8)
    tall = cv2.resize(stops, (1, canvas[1]), interpolation=cv2.INTER_LINEAR)
    return grading.shaded(np.repeat(tall, canvas[0], axis=1), palette.ink)


def _thumbnail(pixels: Pixels) -> Pixels:
    return cv2.resize(pixels, (64, 64), interpolation=cv2.INTER_AREA)
