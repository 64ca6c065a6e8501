"""Makes room for a voice: how much a bed must give way, when, and how it goes and comes back.

Everything is known before it is played, so the bed is already down when a word begins. Curves are circular:
the end leads back into the beginning.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from apps.audio import loudness
from apps.audio.loudness import Powers
from apps.audio.voice_chain import CONTROL

#: Seconds in which the bed goes down, and comes back (field guide 1.2).
ATTACK, RELEASE = 0.020, 0.320
#: Seconds in which it comes back after the last word: little is left before the loop begins again.
TAIL_RELEASE = 0.090
#: Milliseconds the bed starts to go down before the voice: the attack's whole length.
LOOK_AHEAD_MS = 40
#: Milliseconds between words that are not worth coming back for; shorter ones would pump.
BRIDGE_MS = 260
#: Milliseconds within which a stroke of the bed may not drown a syllable, LU less that are asked there than
#: of a whole passage, and dB of the deepest cut that is made for it.
MOMENTARY_MS, MOMENTARY_LU, DEEPEST_DB = 400, 5.0, 24.0
#: Milliseconds at either end that should be equally loud (field guide 2.1), by how many dB the last ones may
#: be changed for that, and milliseconds in which the gain then meets its own beginning.
SEAM_MS, SEAM_DB, JOINT_MS = 150, (-12.0, 4.0), 6
#: dB under the voice's mean level at which it still counts as speaking.
SPEAKING_DB = -26.0


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One stretch of speech, [start, end) in samples of the mix."""

    start: int
    end: int


def speaking(voice: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Per millisecond: whether the bed must make way for the mono `voice`, short pauses included."""
    heard = _heard(voice)
    active = _bridged(heard)
    active[_tail(heard, active)] = False
    return active


def _heard(voice: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Per millisecond: whether there is sound."""
    steps = len(voice) // CONTROL
    frames = voice[: steps * CONTROL].reshape(steps, CONTROL)
    power = np.einsum("ms,ms->m", frames, frames).astype(np.float64) / CONTROL
    smooth = np.convolve(power, np.full(15, 1 / 15), mode="same")
    if smooth.max(initial=0.0) < 1e-9:
        return np.zeros(steps, bool)
    mean = power[power > smooth.max() * 1e-3].mean()
    return smooth > mean * 10.0 ** (SPEAKING_DB / 10.0)


def gain(
    voice: NDArray[np.floating],
    said: Powers,
    played: Powers,
    passages: tuple[Passage, ...],
    *,
    margin_lu: float,
    rest_lu: float,
    tail_lu: float,
) -> NDArray[np.floating]:
    """The bed's gain per millisecond: `margin_lu` under each passage of the voice, else `rest_lu` under it.

    After the last word it rises to `tail_lu`: the loop begins with a voice, and should not leap at the seam.
    `voice` is mono; `said` and `played` are the powers of voice and bed as they are heard in the mix. A
    passage where the bed is livelier than elsewhere gets a deeper duck.
    """
    active = speaking(voice)
    loud = loudness.gated(said)
    if loud <= loudness.SILENCE or not len(active):
        return np.ones(max(len(active), 1))
    rest_db = loud - rest_lu - loudness.gated(played)
    wanted = np.full(len(active), rest_db)
    for passage in passages:
        wanted[_steps(passage)] = _ducked_db(said, played, passage, active, margin_lu, rest_db)
    wanted = np.minimum(wanted, _momentary_db(said, played, active) - margin_lu + MOMENTARY_LU)
    target = np.where(active, np.minimum(wanted, rest_db), rest_db)
    release = np.full(len(target), RELEASE)
    tail = _tail(_heard(voice), active)
    target[tail], release[tail] = rest_db + rest_lu - tail_lu, TAIL_RELEASE
    return _closed(10.0 ** (_glide(target, release) / 20.0), played)


def _closed(curve: NDArray[np.floating], played: Powers) -> NDArray[np.floating]:
    """The curve with its end changed so that the bed goes out of the loop as loud as it comes in again."""
    if len(curve) < 4 * SEAM_MS:
        return curve
    loud = played[: len(curve)] * curve**2 + 1e-12
    change_db = 10.0 * np.log10(loud[:SEAM_MS].mean() / loud[-SEAM_MS:].mean())
    change = 10.0 ** (np.clip(change_db, *SEAM_DB) / 20.0)
    share = 0.5 - 0.5 * np.cos(np.pi * np.minimum(np.arange(SEAM_MS) / (0.4 * SEAM_MS), 1.0))
    curve[-SEAM_MS:] *= change**share
    curve[-JOINT_MS:] += (curve[0] - curve[-JOINT_MS:]) * np.linspace(0.0, 1.0, JOINT_MS)
    return curve


def _ducked_db(
    said: Powers,
    played: Powers,
    passage: Passage,
    active: NDArray[np.bool_],
    margin_lu: float,
    rest_db: float,
) -> float:
    """The gain that puts the bed `margin_lu` under the voice where it speaks within one passage."""
    part = slice(passage.start // CONTROL, passage.end // CONTROL)
    words = active[part]
    if not words.any():
        return rest_db
    voice, bed = (loudness.during(powers[part], words) for powers in (said, played))
    return voice - margin_lu - bed


def _momentary_db(said: Powers, played: Powers, active: NDArray[np.bool_]) -> NDArray[np.floating]:
    """By how many dB the voice stands over the bed around each millisecond, counted where it speaks."""
    voice, bed = (
        ndimage.uniform_filter1d(np.where(active, powers[: len(active)], 0.0), MOMENTARY_MS) + 1e-12
        for powers in (said, played)
    )
    return np.maximum(10.0 * np.log10(voice / bed), -DEEPEST_DB)


def _tail(heard: NDArray[np.bool_], active: NDArray[np.bool_]) -> slice:
    """From the last sound of the voice to where the bed makes way for the first again."""
    last = int(np.max(np.flatnonzero(heard), initial=-1)) + 1
    return slice(last, max(last, len(active) - LOOK_AHEAD_MS if active[0] else len(active)))


def _steps(passage: Passage) -> slice:
    return slice(max(passage.start // CONTROL - LOOK_AHEAD_MS, 0), passage.end // CONTROL + 1)


def _bridged(active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Look-ahead before each stretch, and stretches that nearly touch joined; circular."""
    ahead = _spread(active, LOOK_AHEAD_MS, 0)
    grown = _spread(ahead, 0, BRIDGE_MS)
    return ~_spread(~grown, BRIDGE_MS, 0) | ahead


def _spread(active: NDArray[np.bool_], before: int, after: int) -> NDArray[np.bool_]:
    """True also in the `before` steps ahead of a true one and the `after` steps behind it; circular."""
    laps = np.concatenate([active, active, active]).astype(np.int64)
    sums = np.concatenate([[0], np.cumsum(laps)])
    at = np.arange(len(active)) + len(active)
    before, after = min(before, len(active)), min(after, len(active) - 1)
    return (sums[at + before + 1 - (before == len(active))] - sums[at - after]) > 0


def _glide(target_db: NDArray[np.floating], release: NDArray[np.floating]) -> NDArray[np.floating]:
    """The target with ATTACK downwards and `release` (s, per step) upwards, as on a second lap."""
    down, *ups = (1.0 - np.exp(-0.0023 / np.array([ATTACK, *release]))).tolist()  # 90 % within the time
    state, glided = float(target_db[0]), np.empty(len(target_db))
    for lap in (0, 1):
        for i, (wanted, up) in enumerate(zip(target_db.tolist(), ups, strict=True)):
            state += (down if wanted < state else up) * (wanted - state)
            if lap:
                glided[i] = state
    return glided
