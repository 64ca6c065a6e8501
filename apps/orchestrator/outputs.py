"""What the stages of one attempt have made so far, read as contracts. No Django, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from apps.contracts.brief import Brief
from apps.contracts.codec import digest, from_json
from apps.contracts.decision import FrameSpec, Plan
from apps.contracts.judgement import Directive, Judgement
from apps.contracts.media import Mix, Narration, Picture, Segment, Take, Timeline
from apps.contracts.story import Script, Story
from apps.orchestrator.graph import OWNER, Node, Stage

T = TypeVar("T")


@dataclass(frozen=True)
class Outputs:
    """One attempt's finished outputs (JSON by node) and what it inherits from earlier attempts.

    `directives[k]` are the orders that made attempt k+1; `stories` and `judgements` are the earlier
    attempts', oldest first.
    """

    brief: Brief
    frame: FrameSpec
    retry_limit: int
    attempt: int
    done: Mapping[Node, Any]
    directives: tuple[tuple[Directive, ...], ...] = ()
    stories: tuple[Story, ...] = ()
    judgements: tuple[Judgement, ...] = ()
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
        return self._one(Judgement, Stage.JUDGE)

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
        """Every directive so far that `stage` carries out, for one scene or for all of them."""
        return tuple(
            d
            for orders in self.directives
            for d in orders
            if OWNER[d.kind] is stage and (ordinal is None or d.ordinal in (None, ordinal))
        )

    def rewrite(self) -> tuple[tuple[Directive, ...], Story | None]:
        """The newest orders to the writer, and the story they were given about.

        Orders to other stages leave both unchanged, so that the story is not written again.
        """
        for number in range(len(self.directives) - 1, -1, -1):
            mine = tuple(d for d in self.directives[number] if OWNER[d.kind] is Stage.WRITE)
            if mine:
                return mine, self.stories[number]
        return (), None
