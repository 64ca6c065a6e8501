"""Finds a caption's letters in a frame of the file, and how they stand out. Arrays in, numbers out.

It knows no style: letters are what is thinner than LETTER_STROKE and lighter or darker than what is around
it. An outline counts as what is around, because the eye compares a letter with that.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from apps.contracts.decision import Box
from apps.critic.decode import Closeup

#: Size of a caption's letters in a frame 1080 wide, pixels; the sizes below are shares of it.
LETTER, REFERENCE_WIDTH = 80, 1080
#: Wider than any stroke of a letter, narrower than what is behind captions.
LETTER_STROKE = 0.5
#: A letter's own softened edge, inside and outside, and how far from it its surroundings reach.
CORE, EDGE, AROUND = 0.03, 0.02, 0.055
#: Levels of luma (0-255) by which letters stand out at least, and the least share of a box they cover:
#: below either there are none to be read.
FAINT, SPARSE = 40, 0.03
#: Frame width from which letters have pixels of their own colour; in smaller frames medians are compared.
SHARP_WIDTH = 720
#: Percentiles of letters and surroundings that are compared: the worst that is no stray pixel.
WORST, MIDDLE = (10, 90), (50, 50)
#: Pixels across that the frame is reduced to in the search for a caption that is not where it should be.
COARSE_WIDTH = 270


@dataclass(frozen=True)
class Letters:
    """What was found in a caption's box: contrast ratio 1-21, the share of the box that is strokes, and
    whether there are letters at all."""

    contrast: float
    share: float
    found: bool


NOTHING = Letters(1.0, 0.0, False)


def letters_in(frame: Closeup, box: Box) -> Letters:
    """The letters in `box`, pixels of the frame; of light and dark ones those that stand out more."""
    colours = frame.rgb(box.left, box.top, box.right, box.bottom)
    light = relative_luminance(colours)
    luma = np.rint(255 * np.clip(colours @ np.array([0.2126, 0.7152, 0.0722], np.float32), 0, 1))
    unit = LETTER * frame.size[0] / REFERENCE_WIDTH
    kinds = (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    found = [_letters(luma.astype(np.uint8), light, unit, kind, frame.size[0]) for kind in kinds]
    return max(found, key=lambda letters: (letters.found, letters.contrast))


def place_of(frame: Closeup, box: Box) -> Box:
    """Where a caption of the size of `box` really stands: the place with the most letters."""
    step = max(frame.size[0] // COARSE_WIDTH, 1)
    luma = frame.luma[::step, ::step]
    unit = LETTER * frame.size[0] / REFERENCE_WIDTH / step
    strokes = cv2.morphologyEx(np.ascontiguousarray(luma), cv2.MORPH_TOPHAT, _disc(LETTER_STROKE * unit))
    ink = (strokes > 2 * FAINT).astype(np.float32)
    width, height = (box.right - box.left) // step, (box.bottom - box.top) // step
    if width < 1 or height < 1 or width > ink.shape[1] or height > ink.shape[0]:
        return box
    sums = cv2.boxFilter(
        ink, -1, (width, height), anchor=(0, 0), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    sums = np.asarray(sums)[: ink.shape[0] - height + 1, : ink.shape[1] - width + 1]
    top, left = np.unravel_index(int(np.argmax(sums)), sums.shape)
    if sums[top, left] < SPARSE * width * height:
        return box
    x, y = int(left) * step, int(top) * step
    return Box(left=x, top=y, right=x + box.right - box.left, bottom=y + box.bottom - box.top)


def relative_luminance(colours: NDArray[np.float32]) -> NDArray[np.float32]:
    """WCAG 2.x relative luminance of sRGB colours 0-1, last axis red, green, blue."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722], np.float32), np.float32)


def _letters(
    luma: NDArray[np.uint8], light: NDArray[np.float32], unit: float, kind: int, width: int
) -> Letters:
    strokes = cv2.morphologyEx(luma, kind, _disc(LETTER_STROKE * unit))
    level, mask = cv2.threshold(strokes, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    inner = cv2.erode(mask, _disc(2 * CORE * unit)).astype(bool)
    ring = cv2.dilate(mask, _disc(2 * AROUND * unit)) - cv2.dilate(mask, _disc(2 * EDGE * unit))
    around = ring.astype(bool)
    if level < FAINT / 2 or mask.mean() < SPARSE or not inner.any() or not around.any():
        return NOTHING
    low, high = WORST if width >= SHARP_WIDTH else MIDDLE
    if kind == cv2.MORPH_BLACKHAT:
        low, high = high, low
    inside, outside = np.percentile(light[inner], low), np.percentile(light[around], high)
    brighter, darker = max(inside, outside) + 0.05, min(inside, outside) + 0.05
    return Letters(float(brighter / darker), float(mask.mean()), bool(strokes[inner].mean() >= FAINT))


def _disc(diameter: float) -> NDArray[np.uint8]:
    side = max(round(diameter), 1) | 1
    return np.ones((side, side), np.uint8)
