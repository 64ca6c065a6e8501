"""What the engines look at: the decoded take beside what was planned. It measures nothing itself."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from apps.contracts.decision import Plan
from apps.contracts.media import CaptionBox, Cue, Shot, SpokenWord, Take, Timeline
from apps.contracts.story import Purpose, Script, Story
from apps.critic.decode import Closeup, Footage
from apps.critic.likeness import perceptual_hash
from apps.critic.loudness import weighted_power
from apps.critic.voicing import Voicing
from apps.foundation.mp4 import Mp4

#: Pixels of the reference frame that the safe box is given in.
REFERENCE_WIDTH, REFERENCE_HEIGHT = 1080, 1920


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One measured value; what is wanted of it is scoring's business. `ordinal` names its scene."""

    name: str
    value: float
    ordinal: int | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything about one take that an engine may look at, decoded once."""

    footage: Footage
    voicing: Voicing
    boxes: Mp4
    take: Take
    timeline: Timeline
    story: Story
    script: Script
    plan: Plan

    @cached_property
    def look(self) -> str:
        """Perceptual hash of the first frame, 16 hex digits."""
        return perceptual_hash(self.footage.luma[0])

    @cached_property
    def power(self) -> NDArray[np.float64]:
        """K-weighted power of the file's sound, one value a sample."""
        return weighted_power(self.footage.sound)

    @property
    def words(self) -> tuple[SpokenWord, ...]:
        """Every caption token of the video, in order."""
        return tuple(word for cue in self.timeline.cues for word in cue.words)

    @property
    def planned_cuts(self) -> list[float]:
        """Seconds at which the timeline cuts: to the next shot, or to another framing of the same."""
        shots = self.timeline.shots
        starts = [shot.start_ms for shot in shots[1:]]
        reframes = [shot.start_ms + ms for shot in shots for ms in shot.reframes]
        return [ms / 1000 for ms in sorted([*starts, *reframes])]

    @property
    def cards(self) -> tuple[tuple[Cue, CaptionBox], ...]:
        """Every caption on the timeline with the box it was drawn in, as far as it was drawn."""
        cues, boxes = self.timeline.cues, self.take.captions
        if len(cues) == len(boxes):
            return tuple(zip(cues, boxes, strict=True))  # the boxes' own times may be their shots'
        drawn = {(box.start_ms, box.end_ms): box for box in boxes}
        pairs = ((cue, drawn.get((cue.start_ms, cue.end_ms))) for cue in cues)
        return tuple((cue, box) for cue, box in pairs if box is not None)

    def closeup_at(self, second: float) -> Closeup | None:
        """The frame in full at a second, where it was asked for."""
        return self.footage.closeups.get(round(second * self.footage.fps))

    def ordinal_at(self, second: float) -> int | None:
        """The scene on screen at a second; None where there is no shot."""
        shot = self.shot_at(second)
        return shot.ordinal if shot else None

    def shot_at(self, second: float) -> Shot | None:
        """The shot on screen at a second; the last one also after its end."""
        begun = [shot for shot in self.timeline.shots if shot.start_ms <= second * 1000 + 1]
        return begun[-1] if begun else None

    def begins(self, purpose: Purpose) -> float:
        """The second at which the first shot of a purpose begins; the end where there is none."""
        starts = (shot.start_ms / 1000 for shot in self.timeline.shots if shot.purpose is purpose)
        return next(starts, self.footage.seconds)

    def line(self, position: int) -> str:
        """The displayed text of a line by position (0 first, -1 last); empty where there is none."""
        lines = self.script.lines
        return " ".join(word.display for word in lines[position].words) if lines else ""
