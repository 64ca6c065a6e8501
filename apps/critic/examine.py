"""From the finished file and what was planned to all signals. It stores nothing and judges nothing."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from apps.contracts.decision import Plan
from apps.contracts.judgement import Signal
from apps.contracts.media import Take, Timeline
from apps.contracts.story import Script, Story
from apps.critic import container, hook, legibility, loop, pacing, sound, sourcing
from apps.critic.decode import SAMPLE_RATE, watch
from apps.critic.evidence import Evidence
from apps.critic.scoring import bands_for, signal_of
from apps.critic.voicing import listen
from apps.foundation import mp4


class UnableToReadStem(RuntimeError):
    """The voice stem is not 48 kHz; mix again."""


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
) -> tuple[Signal, ...]:
    """Every signal of one take. `voice` is the mix's voice stem; `scratch` a folder to work in.

    Raises UnableToReadMp4 or UnableToWatch for a file that is broken or has no pictures, and
    UnableToReadStem for a stem at another rate.
    """
    boxes = mp4.read(video)
    footage = watch(video, boxes, scratch=scratch)
    evidence = Evidence(
        footage=footage,
        voicing=listen(footage.mono, _stem(voice)),
        boxes=boxes,
        take=take,
        timeline=timeline,
        story=story,
        script=script,
        plan=plan,
    )
    engines = (hook, pacing, loop, sound, legibility, sourcing, container)
    readings = [reading for engine in engines for reading in engine.measure(evidence)]
    bands = bands_for(plan.strategy)
    return tuple(signal_of(reading, bands[reading.name]) for reading in readings)


def _stem(voice: Path) -> NDArray[np.float32]:
    samples, rate = soundfile.read(voice, dtype="float32", always_2d=True)
    if rate != SAMPLE_RATE:
        raise UnableToReadStem(f"the voice stem has {rate} samples a second, not {SAMPLE_RATE}; mix again")
    mono: NDArray[np.float32] = samples.mean(axis=1, dtype=np.float32)
    return mono
