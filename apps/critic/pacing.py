"""Measures the rhythm of pictures and speech. It decides nothing."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy.stats import rankdata

from apps.contracts.story import Purpose
from apps.critic import wording
from apps.critic.changes import CUT_REACH, longest_black, longest_still, rendered_cuts, visual_changes
from apps.critic.evidence import Evidence, Reading

#: Shots before the twist from which their lengths have a trend.
FEWEST_SHOTS = 4


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of shots, holds, motion, speech and silence."""
    return (*_shots(evidence), *_holds(evidence), *_speech(evidence))


def _shots(evidence: Evidence) -> tuple[Reading, ...]:
    """Shot lengths by the timeline, as far as its cuts are seen in the file."""
    footage = evidence.footage
    bounds = [0.0, *rendered_cuts(footage, evidence.planned_cuts), footage.seconds]
    lengths = np.diff(bounds)
    longest = evidence.ordinal_at(bounds[int(np.argmax(lengths))])
    trend, late = _trend(evidence, bounds)
    return (
        Reading(name="shot_length", value=float(lengths.mean()), ordinal=longest),
        Reading(name="shot_variety", value=float(lengths.std() / max(float(lengths.mean()), 1e-6))),
        Reading(name="shot_trend", value=trend, ordinal=late),
    )


def _trend(evidence: Evidence, bounds: Sequence[float]) -> tuple[float, int | None]:
    """Spearman's correlation of a shot's place and length up to the twist: below 0 they grow shorter; and
    the longest shot of the later half. 0 where there are too few to have a trend."""
    twist = evidence.begins(Purpose.TWIST)
    shots = [(start, end - start) for start, end in pairwise(bounds) if start < twist - CUT_REACH]
    if len(shots) < FEWEST_SHOTS:
        return 0.0, None
    lengths = [length for _, length in shots]
    late = max(shots[len(shots) // 2 :], key=lambda shot: shot[1])
    ranks = rankdata(lengths)
    trend = float(np.corrcoef(np.arange(len(ranks)), ranks)[0, 1]) if np.ptp(ranks) > 0 else 0.0
    return trend, evidence.ordinal_at(late[0])


def _holds(evidence: Evidence) -> tuple[Reading, ...]:
    """How long nothing new appears, nothing moves, or nothing is there at all."""
    footage = evidence.footage
    bounds = [0.0, *visual_changes(footage, evidence.planned_cuts), footage.seconds]
    hold, start = max((b - a, a) for a, b in pairwise(bounds))
    still_at, still = longest_still(footage)
    black_at, black = longest_black(footage)
    return (
        Reading(name="longest_hold", value=hold, ordinal=evidence.ordinal_at(start)),
        Reading(
            name="motion", value=float(np.median(footage.motion[1:])) if len(footage.motion) > 1 else 0.0
        ),
        Reading(name="freeze", value=still, ordinal=evidence.ordinal_at(still_at)),
        Reading(name="black", value=black, ordinal=evidence.ordinal_at(black_at)),
    )


def _speech(evidence: Evidence) -> tuple[Reading, ...]:
    """Syllables a second of speech, and the air around it."""
    voicing, seconds = evidence.voicing, evidence.footage.seconds
    lines = [evidence.line(n) for n in range(len(evidence.script.lines))]
    gap = max(voicing.pauses, key=lambda g: g.seconds, default=None)
    return (
        Reading(name="speech_rate", value=_speech_rate(evidence)),
        Reading(name="plain_words", value=wording.lix(lines)),
        Reading(name="silence_share", value=sum(g.seconds for g in voicing.pauses) / seconds),
        Reading(
            name="longest_silence",
            value=gap.seconds if gap else 0.0,
            ordinal=evidence.ordinal_at(gap.start) if gap else None,
        ),
    )


def _speech_rate(evidence: Evidence) -> float:
    """Syllables a second of speech: of the words that are heard, over the time without gaps."""
    voicing, words = evidence.voicing, evidence.words
    heard = sum(voicing.hears(word.start_ms / 1000, word.end_ms / 1000) for word in words)
    said = sum(wording.syllables(line.spoken) for line in evidence.script.lines)
    return said * heard / len(words) / voicing.spoken_seconds if words and voicing.spoken_seconds else 0.0
