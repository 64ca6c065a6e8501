"""Measures whether the take feels as its curve planned: arousal meant beside arousal made. No judgement.

Realised arousal is the mean of what carries it, each against the video's own mean and spread: loudness of
the mix, motion, density of cuts, rate of speech (field guide 3). All of it is read from the file, except
that the words' places are the timeline's.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from apps.critic import wording
from apps.critic.changes import rendered_cuts
from apps.critic.decode import MOTION_STEP, SAMPLE_RATE
from apps.critic.evidence import Evidence, Reading

#: Seconds of one window, and between the middles of two: shorter ones hear syllables, not moods.
WINDOW, HOP = 2.0, 0.5
#: Spread of a carrier below which it carries nothing, in its own unit; noise would be taken for feeling.
LEAST_SPREAD = 1e-3
#: Peak, end and slope of a feeling that is remembered (Baumgartner, Sujan and Padgett 1997; weights are
#: the field guide's).
PEAK, END, SLOPE = 0.4, 0.4, 0.2
#: Share of the video that "the end" is.
LAST = 0.15

Series = NDArray[np.float64]


@dataclass(frozen=True)
class Arousal:
    """Planned and realised arousal of one take at the middles of its windows."""

    evidence: Evidence

    @cached_property
    def seconds(self) -> Series:
        """The middles of the windows."""
        whole = self.evidence.footage.seconds
        return np.arange(HOP, max(whole - HOP / 2, HOP * 1.5), HOP)

    @cached_property
    def planned(self) -> Series:
        """The curve, on its own clock: it is as long as the plan was, the video as its words are."""
        curve, whole = self.evidence.plan.curve, self.evidence.footage.seconds
        clock = self.seconds / whole * curve.points[-1].sec
        return np.array([curve.at(float(second)).arousal for second in clock])

    @cached_property
    def realised(self) -> Series:
        """Mean of the carriers' z-scores."""
        return np.asarray(np.mean([_standard(carrier) for carrier in self._carriers()], axis=0))

    @property
    def fidelity(self) -> float:
        """Pearson's correlation of the two, -1 to 1; 0 where either is flat: a curve without a course
        asks for nothing, and a take without one shows nothing."""
        if min(self.planned.std(), self.realised.std()) < LEAST_SPREAD:
            return 1.0 if self.planned.std() < LEAST_SPREAD else 0.0
        return float(np.corrcoef(self.planned, self.realised)[0, 1])

    @property
    def peak_end(self) -> float:
        """What is remembered of the feeling, in spreads of it: peak, end and rise weighed together."""
        felt, place = _standard(self.realised), np.linspace(-1, 1, len(self.realised))
        end = felt[-max(round(len(felt) * LAST), 1) :].mean()
        slope = float(felt @ place / max(float(place @ place), 1e-9))
        return float(PEAK * felt.max() + END * end + SLOPE * slope)

    def gaps(self) -> dict[int, float]:
        """By how much each scene stays behind its plan, in spreads of both; by ordinal. None does where the
        plan has no course."""
        if self.planned.std() < LEAST_SPREAD:
            return {}
        behind = _standard(self.planned) - _standard(self.realised)
        found: dict[int, float] = {}
        for shot in self.evidence.timeline.shots:
            inside = (self.seconds * 1000 >= shot.start_ms) & (self.seconds * 1000 < shot.end_ms)
            if inside.any():
                found[shot.ordinal] = float(behind[inside].mean())
        return found

    def _carriers(self) -> tuple[Series, ...]:
        return self._loudness(), self._motion(), self._cuts(), self._speech()

    def _spans(self) -> Series:
        """(start, end) seconds of every window, (windows, 2)."""
        edges = np.stack([self.seconds - WINDOW / 2, self.seconds + WINDOW / 2], axis=1)
        return np.clip(edges, 0, self.evidence.footage.seconds)

    def _loudness(self) -> Series:
        return 10 * np.log10(_means(self.evidence.power, self._spans() * SAMPLE_RATE) + 1e-7)

    def _motion(self) -> Series:
        moves = self.evidence.footage.motion.copy()
        if len(moves) > 1:
            moves[0] = moves[1]
        return np.log(_means(moves, self._spans() / MOTION_STEP) + 1e-4)

    def _cuts(self) -> Series:
        """Shots a second where each window's middle lies."""
        footage = self.evidence.footage
        cuts = np.array([0.0, *rendered_cuts(footage, self.evidence.planned_cuts), footage.seconds])
        shot = np.clip(np.searchsorted(cuts, self.seconds, side="right") - 1, 0, len(cuts) - 2)
        return -np.log(np.maximum(np.diff(cuts)[shot], 0.1))

    def _speech(self) -> Series:
        """Syllables a second that are really heard."""
        rate = np.zeros(len(self.evidence.voicing.present) + 1)
        for word in self.evidence.words:
            start, end = (round(ms / 10) for ms in (word.start_ms, max(word.end_ms, word.start_ms + 50)))
            rate[start:end] = wording.syllables(word.text) * 100 / max(end - start, 1)
        rate[: len(self.evidence.voicing.present)] *= self.evidence.voicing.present
        return _means(rate, self._spans() * 100)


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of how the take's arousal follows the plan's, and of the scene that stays farthest behind."""
    arousal = Arousal(evidence)
    gaps = arousal.gaps()
    worst = max(gaps, key=lambda ordinal: gaps[ordinal], default=None)
    return (
        Reading(name="emotion_fidelity", value=arousal.fidelity),
        Reading(name="emotion_gap", value=max(gaps[worst], 0.0) if worst is not None else 0.0, ordinal=worst),
        Reading(name="peak_end", value=arousal.peak_end),
    )


def _means(values: Series, spans: Series) -> Series:
    """Mean of `values` in each (start, end) of `spans`, given as places in `values`."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    starts, ends = np.clip(np.rint(spans.T).astype(int), 0, len(values))
    ends = np.maximum(ends, np.minimum(starts + 1, len(values)))
    return (sums[ends] - sums[starts]) / np.maximum(ends - starts, 1)


def _standard(values: Series) -> Series:
    """z-scores; zeros where there is no spread to speak of."""
    spread = float(values.std())
    return (values - values.mean()) / spread if spread >= LEAST_SPREAD else np.zeros_like(values)
