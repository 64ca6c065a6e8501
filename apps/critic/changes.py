"""Finds what changes on screen: cuts, pop-ins, freezes, black, flashes. Seconds out, no judgement."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from apps.critic.decode import MOTION_STEP, Footage, distance

#: Luma difference over MOTION_STEP that the eye takes as something new, and times the usual motion.
NEW_PICTURE, NEW_PICTURE_RATIO = 0.02, 3.0
#: Seconds after a change in which another counts as the same.
SETTLE = 0.4
#: Luma difference across a planned cut, and times the usual one, below which it was not rendered.
CUT, CUT_RATIO = 0.02, 1.5
#: Seconds on each side of a planned cut: short transitions still count.
CUT_REACH = 0.1
#: Luma difference to the first frame of a stretch under which the picture stands still. Over
#: freezedetect's .003, since an encoder goes on refining a frozen picture for half a second; the
#: slowest motion that a hook passes with crosses it in 0.15 s.
STILL = 0.005
#: A frame is black where this share of it lies under this luma (blackdetect pic_th, pix_th).
BLACK_SHARE, BLACK_LUMA = 0.98, 0.10
#: WCAG 2.3.1: a flash changes relative luminance by 0.1 on a quarter of the picture.
FLASH_STEP, FLASH_AREA = 0.1, 0.25


def visual_changes(footage: Footage, planned: Sequence[float]) -> list[float]:
    """Seconds at which something new appears: a cut that was rendered, or a subject that pops in."""
    motion = footage.motion
    bar = max(NEW_PICTURE, NEW_PICTURE_RATIO * float(np.median(motion[1:]))) if len(motion) > 1 else np.inf
    pops = np.flatnonzero(motion >= bar) * MOTION_STEP
    seen: list[float] = []
    for second in sorted([*rendered_cuts(footage, planned), *pops.tolist()]):
        if not seen or second - seen[-1] >= SETTLE:
            seen.append(second)
    return seen


def rendered_cuts(footage: Footage, planned: Sequence[float]) -> list[float]:
    """Those of the planned cuts (seconds) that can be seen in the file, over what moves there anyway."""
    reach, last = max(1, round(CUT_REACH * footage.fps)), len(footage.planes) - 1
    across = footage.differences(2 * reach - 1)
    bar = max(CUT, CUT_RATIO * float(np.median(across[2 * reach - 1 :]))) if last > 2 * reach else np.inf
    return [second for second in planned if across[min(round(second * footage.fps) + reach - 1, last)] >= bar]


def longest_still(footage: Footage) -> tuple[float, float]:
    """(start, length) in seconds of the longest stretch in which the picture stands still."""
    luma, start, best = footage.luma, 0, (0, 1)
    for n in range(1, len(luma)):
        if distance(luma[n], luma[start]) > STILL:
            start = n
        best = max(best, (start, n + 1 - start), key=lambda run: run[1])
    return best[0] / footage.fps, (best[1] - 1) / footage.fps


def longest_black(footage: Footage) -> tuple[float, float]:
    """(start, length) in seconds of the longest black stretch; length 0 where there is none."""
    dark = (footage.luma < 255 * BLACK_LUMA).mean(axis=(1, 2)) >= BLACK_SHARE
    start, length = longest_run(dark)
    return start / footage.fps, length / footage.fps


def flashes_a_second(footage: Footage) -> int:
    """The most flashes (pairs of opposing luminance steps on a quarter of the picture) in any second."""
    light = (footage.luma[:, ::4, ::3] / np.float32(255)) ** np.float32(2.2)
    steps = np.diff(light, axis=0)
    signs = ((steps > FLASH_STEP).mean(axis=(1, 2)) >= FLASH_AREA).astype(int)
    signs -= (steps < -FLASH_STEP).mean(axis=(1, 2)) >= FLASH_AREA
    frames = np.flatnonzero(signs)
    turns = frames[1:][signs[frames][1:] != signs[frames][:-1]]
    window = round(footage.fps)
    return max((int(((turns >= t) & (turns < t + window)).sum() + 1) // 2 for t in turns), default=0)


def longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """(start, length) of the longest run of True; (0, 0) where there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    if not edges.size:
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    longest = int(np.argmax(lengths))
    return int(edges[::2][longest]), int(lengths[longest])
