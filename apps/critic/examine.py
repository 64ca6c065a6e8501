"""From the finished file and what was planned to all signals. It stores nothing and judges nothing."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from apps.contracts.decision import Plan
from apps.contracts.judgement import Signal
from apps.contracts.media import Take, Timeline
from apps.contracts.story import Script, Story
from apps.critic import container, emotion, hook, legibility, loop, pacing, sound, sourcing, sync
from apps.critic.bands import bands_for
from apps.critic.decode import SAMPLE_RATE, watch
from apps.critic.evidence import Evidence
from apps.critic.legibility import middle_of
from apps.critic.scoring import signal_of
from apps.critic.voicing import listen
from apps.foundation import mp4

#: What is measured, one engine after the other.
ENGINES = (hook, pacing, emotion, loop, sound, legibility, sync, sourcing, container)
#: Captions of which a frame is looked at in full; a frame of 1080x1920 takes 3 MB of scratch.
MOST_CLOSEUPS = 48


class UnableToReadStem(RuntimeError):
    """The voice stem is not 48 kHz; mix again."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All that was measured. `look` is the perceptual hash of the first frame, 16 hex digits; `seconds` is
    what each step took."""

    signals: tuple[Signal, ...]
    look: str
    seconds: dict[str, float]


def examine(
    *,
    video: Path,
    voice: Path,
    scratch: Path,
    take: Take,
    timeline: Timeline,
    story: Story,
    script: Script,
    plan: Plan,
) -> Findings:
    """Every signal of one take, and its look. `voice` is the mix's voice stem; `scratch` a folder to work in.

    Raises UnableToReadMp4 or UnableToWatch for a file that is broken or has no pictures, and
    UnableToReadStem for a stem at another rate.
    """
    boxes = mp4.read(video)
    clock = _Clock()
    footage = watch(video, boxes, scratch=scratch, moments=_moments(timeline))
    clock.note("decode")
    evidence = Evidence(
        footage=footage,
        voicing=listen(footage.mono, _stem(voice), _phrases(timeline)),
        boxes=boxes,
        take=take,
        timeline=timeline,
        story=story,
        script=script,
        plan=plan,
    )
    clock.note("listen")
    bands, signals = bands_for(plan.strategy), []
    for engine in ENGINES:
        signals += [signal_of(reading, bands[reading.name]) for reading in engine.measure(evidence)]
        clock.note(engine.__name__.rpartition(".")[2])
    return Findings(signals=tuple(signals), look=evidence.look, seconds=clock.seconds)


class _Clock:
    """Seconds of one step after another."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.perf_counter()

    def note(self, step: str) -> None:
        now = time.perf_counter()
        self.seconds[step], self._since = now - self._since, now


def _moments(timeline: Timeline) -> list[float]:
    """Seconds at which captions are looked at closely: every one, or as many of many, evenly spread."""
    middles = [middle_of(cue) for cue in timeline.cues]
    return middles[:: max(-(-len(middles) // MOST_CLOSEUPS), 1)]


def _phrases(timeline: Timeline) -> list[tuple[float, float]]:
    """What is said in one breath: the words of a caption."""
    spans = ((cue.words[0].start_ms, cue.words[-1].end_ms) for cue in timeline.cues if cue.words)
    return [(start / 1000, end / 1000) for start, end in spans]


def _stem(voice: Path) -> NDArray[np.float32]:
    samples, rate = soundfile.read(voice, dtype="float32", always_2d=True)
    if rate != SAMPLE_RATE:
        raise UnableToReadStem(f"the voice stem has {rate} samples a second, not {SAMPLE_RATE}; mix again")
    mono: NDArray[np.float32] = samples.mean(axis=1, dtype=np.float32)
    return mono
