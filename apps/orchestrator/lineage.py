"""Which attempt is built on which, and the orders that each was therefore made with. No Django, no I/O.

Every attempt but the first is one half of an A/B pair: it differs from its base, an earlier attempt, in its
own orders alone. What a rejected order did is not handed down.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from apps.contracts.judgement import Directive, DirectiveKind, Mend
from apps.contracts.story import SceneEdit
from apps.orchestrator.graph import OWNER, Stage

#: What tells one order of an attempt from its others.
Key = tuple[DirectiveKind, int | None, str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What follows from one attempt's verdict.

    Either `directives` make another attempt out of attempt `base`, or, where there are none, attempt
    `deliver` is delivered. `mends` tell what the orders did that made the judged attempt itself;
    `because` says in words what spoke for each of the directives.
    """

    directives: tuple[Directive, ...]
    deliver: int
    reason: str
    base: int = 0
    mends: tuple[Mend, ...] = ()
    because: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A person's own retry: attempt `attempt` differs from attempt `base` in `edits` alone."""

    attempt: int
    base: int
    edits: tuple[SceneEdit, ...]


@dataclass(frozen=True)
class Lineage:
    """`outcomes[k]` judged attempt k, and made attempt k + 1."""

    outcomes: tuple[Outcome, ...] = ()

    def base_of(self, attempt: int) -> int:
        """The attempt that `attempt` (not the first) differs from in its own orders alone."""
        return self.outcomes[attempt - 1].base

    def own(self, attempt: int) -> tuple[Directive, ...]:
        """The orders that were new in `attempt`; none in the first."""
        return self.outcomes[attempt - 1].directives if attempt else ()

    def kept(self, attempt: int) -> tuple[Directive, ...]:
        """Those of a judged attempt's own orders that are handed down.

        Orders to the writer stand or fall together: what they gave is one text.
        """
        helped = {_of_mend(mend) for mend in self.outcomes[attempt].mends if mend.kept}
        text = any(OWNER[kind] is Stage.WRITE for kind, _, _ in helped)
        return tuple(
            order
            for order in self.own(attempt)
            if _of_order(order) in helped or (text and OWNER[order.kind] is Stage.WRITE)
        )

    def orders(self, attempt: int) -> tuple[Directive, ...]:
        """All that `attempt` is made with, oldest first: what its ancestors hand down, and its own."""
        return tuple(order for _, orders in reversed(list(self._ancestry(attempt))) for order in orders)

    def not_handed_down(self, attempt: int) -> tuple[Directive, ...]:
        """Own orders of a judged attempt that nothing inherits, those to the writer left out."""
        kept = self.kept(attempt)
        return tuple(o for o in self.own(attempt) if o not in kept and OWNER[o.kind] is not Stage.WRITE)

    def rewrite(self, attempt: int) -> tuple[tuple[Directive, ...], int]:
        """The newest orders to the writer that `attempt` is made with, and the attempt whose story they mend.

        Orders to other stages change neither, so that the story is not written again.
        """
        for number, orders in self._ancestry(attempt):
            mine = tuple(order for order in orders if OWNER[order.kind] is Stage.WRITE)
            if mine:
                return mine, self._story_of(self.base_of(number))
        return (), 0

    def _ancestry(self, attempt: int) -> Iterator[tuple[int, tuple[Directive, ...]]]:
        """The attempt with its own orders, then its ancestors with what they hand down."""
        orders = self.own(attempt)
        while attempt:
            yield attempt, orders
            attempt = self.base_of(attempt)
            orders = self.kept(attempt)

    def _story_of(self, attempt: int) -> int:
        """The attempt in which the story was written that `attempt` hands down."""
        while attempt and not any(OWNER[order.kind] is Stage.WRITE for order in self.kept(attempt)):
            attempt = self.base_of(attempt)
        return attempt


def revised(outcomes: Iterable[Outcome], revisions: Iterable[Revision]) -> tuple[Outcome, ...]:
    """The outcomes with each revision's attempt built on its base, and on all that one was made with."""
    done = list(outcomes)
    for revision in revisions:
        if revision.attempt <= len(done):
            whole = Lineage(tuple(done)).not_handed_down(revision.base)
            turned = replace(done[revision.attempt - 1], base=revision.base, directives=whole)
            done[revision.attempt - 1] = turned
    return tuple(done)


def _of_order(order: Directive) -> Key:
    return order.kind, order.ordinal, order.signal


def _of_mend(mend: Mend) -> Key:
    return mend.kind, mend.ordinal, mend.signal
