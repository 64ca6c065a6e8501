"""What the stages of one attempt have made so far, read as contracts. No Django, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from apps.contracts.brief import Brief
from apps.contracts.codec import digest, from_json
from apps.contracts.decision import FrameSpec, Plan
from apps.contracts.judgement import Directive, Judgement
from apps.contracts.media import Mix, Narration, Picture, Segment, Take, Timeline
from apps.contracts.story import Script, Story
from apps.orchestrator.graph import OWNER, Node, Stage
from apps.orchestrator.lineage import Lineage, Outcome, Revision

T = TypeVar("T")


@dataclass(frozen=True)
class Outputs:
    """One attempt's finished outputs (JSON by node) and what it inherits from earlier attempts.

    `outcomes`, `stories` and `judgements` are the earlier attempts', oldest first; `revisions` are a
    person's own retries.
    """

    brief: Brief
    frame: FrameSpec
    retry_limit: int
    attempt: int
    done: Mapping[Node, Any]
    outcomes: tuple[Outcome, ...] = ()
    stories: tuple[Story, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    revisions: tuple[Revision, ...] = ()
    _cache: dict[Node, Any] = field(default_factory=dict, compare=False)

    def _one(self, kind: type[T], stage: Stage, ordinal: int = 0) -> T:
        node = (stage, ordinal)
        if node not in self._cache:
            self._cache[node] = from_json(kind, self.done[node])
        value: T = self._cache[node]
        return value

    def _each(self, kind: type[T], stage: Stage) -> tuple[T, ...]:
        return tuple(self._one(kind, stage, n) for n in range(len(self.story.scenes)))

    @cached_property
    def scenes(self) -> int | None:
        """How many scenes there are; None before the story is written."""
        return len(self.done[Stage.WRITE, 0]["scenes"]) if (Stage.WRITE, 0) in self.done else None

    @property
    def plan(self) -> Plan:
        return self._one(Plan, Stage.DECIDE)

    @property
    def story(self) -> Story:
        return self._one(Story, Stage.WRITE)

    @property
    def script(self) -> Script:
        return self._one(Script, Stage.SCRIPT)

    @property
    def timeline(self) -> Timeline:
        return self._one(Timeline, Stage.TIME)

    @property
    def mix(self) -> Mix:
        return self._one(Mix, Stage.SCORE)

    @property
    def take(self) -> Take:
        return self._one(Take, Stage.ASSEMBLE)

    @property
    def judgement(self) -> Judgement:
        # A take that came out as an earlier one was is not judged again, but it is another attempt.
        return replace(self._one(Judgement, Stage.JUDGE), attempt=self.attempt)

    @property
    def revision(self) -> Revision | None:
        """What a person changed in this attempt; None where the critic asked for it, or nobody did."""
        return next((one for one in self.revisions if one.attempt == self.attempt), None)

    @property
    def delivered(self) -> tuple[Judgement, Story]:
        """The verdict on the attempt that is delivered, and its story."""
        attempt = self._one(Outcome, Stage.SETTLE).deliver
        return (*self.judgements, self.judgement)[attempt], (*self.stories, self.story)[attempt]

    @property
    def narrations(self) -> tuple[Narration, ...]:
        return self._each(Narration, Stage.NARRATE)

    @property
    def segments(self) -> tuple[Segment, ...]:
        return self._each(Segment, Stage.COMPOSE)

    def picture(self, ordinal: int) -> Picture:
        return self._one(Picture, Stage.PICTURE, ordinal)

    @cached_property
    def seed(self) -> int:
        """What chance in pictures and music starts from: the same for the same brief, and no other's."""
        brief = self.brief
        return int(digest([brief.topic, brief.facts, brief.source_text, brief.seed])[:8], 16)

    @property
    def credits(self) -> tuple[str, ...]:
        """Every work of others in the take, named once."""
        pictures = self._each(Picture, Stage.PICTURE)
        named = [*(picture.credit for picture in pictures), self.mix.credit]
        return tuple(dict.fromkeys(credit for credit in named if credit))

    def orders(self, stage: Stage, ordinal: int | None = None) -> tuple[Directive, ...]:
        """Every directive in this attempt's lineage that `stage` carries out, for one scene or for all."""
        return tuple(
            d
            for d in Lineage(self.outcomes).orders(self.attempt)
            if OWNER[d.kind] is stage and (ordinal is None or d.ordinal in (None, ordinal))
        )

    def rewrite(self) -> tuple[tuple[Directive, ...], Story | None]:
        """The newest orders to the writer in the lineage, and the story they were given about."""
        orders, attempt = Lineage(self.outcomes).rewrite(self.attempt)
        return orders, self.stories[attempt] if orders else None
