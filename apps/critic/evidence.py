"""What the engines look at: the decoded take beside what was planned. It measures nothing itself."""

from dataclasses import dataclass

from apps.contracts.decision import Plan
from apps.contracts.media import Shot, SpokenWord, Take, Timeline
from apps.contracts.story import Script, Story
from apps.critic.decode import Footage
from apps.critic.voicing import Voicing
from apps.foundation.mp4 import Mp4


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

    @property
    def words(self) -> tuple[SpokenWord, ...]:
        """Every caption token of the video, in order."""
        return tuple(word for cue in self.timeline.cues for word in cue.words)

    @property
    def planned_cuts(self) -> list[float]:
        """Seconds at which the timeline goes from one shot to the next."""
        return [shot.start_ms / 1000 for shot in self.timeline.shots[1:]]

    def ordinal_at(self, second: float) -> int | None:
        """The scene on screen at a second; None where there is no shot."""
        shot = self.shot_at(second)
        return shot.ordinal if shot else None

    def shot_at(self, second: float) -> Shot | None:
        """The shot on screen at a second; the last one also after its end."""
        begun = [shot for shot in self.timeline.shots if shot.start_ms <= second * 1000 + 1]
        return begun[-1] if begun else None

    def line(self, position: int) -> str:
        """The displayed text of a line by position (0 first, -1 last); empty where there is none."""
        lines = self.script.lines
        return " ".join(word.display for word in lines[position].words) if lines else ""
