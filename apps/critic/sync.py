"""Measures whether the captions come with the voice, each as the file shows it. It decides nothing."""

import numpy as np
from numpy.typing import NDArray

from apps.critic.decode import HEIGHT
from apps.critic.evidence import Evidence, Reading

#: Seconds in which captions are looked for before and after their times.
REACH = 1.0
#: How much more than usual changes where captions stand when they change together (a new card: some twenty
#: times as much), and how much more than at their planned times if those are not when they do.
CLEAR, CLEARER = 10.0, 4.0
#: Captions that must begin inside a shot before their common lag can be read off the picture.
FEWEST = 8
#: Seconds around a cut in which everything changes, captions or not.
CUT_SHADOW = 0.15


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """How far voice and caption are apart where they are farthest, seconds, and in which scene."""
    shown, spoken = picture_lag(evidence), [cue for cue in evidence.timeline.cues if cue.words]
    heard = zip(evidence.voicing.lags, spoken, strict=False)
    worst, second = max(((abs(lag - shown), cue.start_ms / 1000) for lag, cue in heard), default=(0.0, 0.0))
    return (Reading(name="caption_lag", value=worst, ordinal=evidence.ordinal_at(second) if worst else None),)


def picture_lag(evidence: Evidence) -> float:
    """Seconds by which the captions change later than planned, by what changes where they stand."""
    changes, fps = _band_changes(evidence), evidence.footage.fps
    cuts = np.array(evidence.planned_cuts or [-1.0])
    starts = [cue.start_ms / 1000 for cue in evidence.timeline.cues if cue.start_ms]
    inside = np.array([s for s in starts if np.abs(cuts - s).min() > CUT_SHADOW])
    if len(inside) < FEWEST:
        return 0.0
    lags = np.arange(-round(REACH * fps), round(REACH * fps) + 1)
    frames = np.clip(np.rint(inside[:, None] * fps).astype(int) + lags, 0, len(changes) - 1)
    strength = np.median(changes[frames], axis=0)
    usual, planned = float(np.median(strength)), float(strength[np.abs(lags) <= 1].max())
    best = int(np.argmax(strength))
    return float(lags[best] / fps) if strength[best] > max(CLEAR * usual, CLEARER * planned) else 0.0


def _band_changes(evidence: Evidence) -> NDArray[np.float64]:
    """Luma change of each frame to the one before it in the rows where captions stand."""
    boxes = evidence.take.captions
    scale = HEIGHT / evidence.take.height
    top = min((box.top for box in boxes), default=0) * scale
    bottom = max((box.bottom for box in boxes), default=evidence.take.height) * scale
    rows = evidence.footage.luma[:, int(top) : max(int(np.ceil(bottom)), int(top) + 1)]
    flat = rows.reshape(len(rows), -1).astype(np.int16)
    changes = np.zeros(len(flat))
    changes[1:] = np.abs(np.diff(flat, axis=0)).mean(axis=1)
    return changes
