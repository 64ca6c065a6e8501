"""Which orders the next attempt is made with: what the critic flagged, mended by what has helped before.

No Django, no I/O.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from apps.contracts.judgement import Directive, DirectiveKind, Judgement, Mend, Signal
from apps.orchestrator.lineage import Lineage

#: Orders in one retry: few enough that what helped can be told from what did not.
MOST = 3
#: How much less each place down the critic's list weighs than the one before it.
NEXT_PLACE = 0.8
#: Chance of being kept that a remedy has before there is evidence: the first of its list, and each after it.
PRIOR, PRIOR_STEP = 0.6, 0.15
#: Mends that a prior is worth: with as many on record, evidence and prior weigh the same.
STRENGTH = 10.0

#: What else can mend a weakness, cheapest first: the mix and the timeline before pictures, and those before
#: the text. A signal that is not here has the critic's own remedy alone.
REMEDIES: Mapping[str, tuple[DirectiveKind, ...]] = {
    "longest_hold": (DirectiveKind.QUICKEN_CUTS, DirectiveKind.MORE_MOTION, DirectiveKind.TIGHTEN_PACING),
    "shot_length": (DirectiveKind.QUICKEN_CUTS, DirectiveKind.TIGHTEN_PACING),
    "shot_variety": (DirectiveKind.QUICKEN_CUTS, DirectiveKind.TIGHTEN_PACING),
    "motion": (DirectiveKind.MORE_MOTION, DirectiveKind.QUICKEN_CUTS),
    "hook_motion": (DirectiveKind.MORE_MOTION, DirectiveKind.QUICKEN_CUTS, DirectiveKind.REDRAW_SCENE),
    "hook_energy": (DirectiveKind.MORE_MOTION, DirectiveKind.QUICKEN_CUTS, DirectiveKind.REDRAW_SCENE),
    "first_change": (DirectiveKind.QUICKEN_CUTS, DirectiveKind.MORE_MOTION, DirectiveKind.REWRITE_HOOK),
    "freeze": (DirectiveKind.MORE_MOTION, DirectiveKind.QUICKEN_CUTS, DirectiveKind.REDRAW_SCENE),
    "visual_seam": (DirectiveKind.MEND_SEAM, DirectiveKind.REDRAW_SCENE),
    "seam_to_cut": (DirectiveKind.MEND_SEAM, DirectiveKind.REDRAW_SCENE),
    "caption_contrast": (DirectiveKind.RESTYLE_CAPTIONS, DirectiveKind.REDRAW_SCENE),
    "loudness_range": (DirectiveKind.FOLLOW_CURVE, DirectiveKind.FIX_LOUDNESS),
    "voice_over_bed": (DirectiveKind.LOWER_BED, DirectiveKind.FIX_LOUDNESS),
    "hook_words": (DirectiveKind.REWRITE_HOOK, DirectiveKind.TIGHTEN_PACING),
    "hook_end": (DirectiveKind.REWRITE_HOOK, DirectiveKind.TIGHTEN_PACING),
    "semantic_loop": (DirectiveKind.CLOSE_LOOP, DirectiveKind.REWRITE_HOOK),
}
#: Orders that concern the whole video: a scene would only mislead their stage.
WHOLE_VIDEO = frozenset(
    {
        DirectiveKind.REWRITE_HOOK,
        DirectiveKind.CLOSE_LOOP,
        DirectiveKind.TRIM_SILENCE,
        DirectiveKind.LOWER_BED,
        DirectiveKind.FIX_LOUDNESS,
        DirectiveKind.RESTYLE_CAPTIONS,
        DirectiveKind.FOLLOW_CURVE,
    }
)
#: Orders that can be carried out in another way when the first did not help; the others only by another
#: amount.
VARIED = frozenset(
    {
        DirectiveKind.REWRITE_HOOK,
        DirectiveKind.CLOSE_LOOP,
        DirectiveKind.REDRAW_SCENE,
        DirectiveKind.MEND_FACTS,
    }
)


@dataclass(frozen=True)
class Evidence:
    """How often each (kind, signal) was tried and kept, in all jobs of a platform."""

    counts: Mapping[tuple[DirectiveKind, str], tuple[int, int]] = field(default_factory=dict)

    def chance(self, kind: DirectiveKind, signal: str, prior: float) -> float:
        """That the order will be kept, 0-1: its record for this signal, shrunk towards that for the others,
        and this towards the prior. Beta-binomial means; nothing on record leaves the prior."""
        others = [n for (k, s), n in self.counts.items() if k is kind and s != signal]
        elsewhere = _shrunk(prior, sum(tried for tried, _ in others), sum(kept for _, kept in others))
        return _shrunk(elsewhere, *self.counts.get((kind, signal), (0, 0)))

    def words(self, kind: DirectiveKind, signal: str) -> str:
        """The record of an order for a signal, for a person."""
        tried, kept = self.counts.get((kind, signal), (0, 0))
        return f"it helped {kept} of {tried} times" if tried else "not tried before"


NOTHING_KNOWN = Evidence()


@dataclass(frozen=True)
class Prescription:
    """An order, what spoke for it, and how much it promises beside the others."""

    order: Directive
    why: str
    gate: bool
    promise: float


def prescribe(base: Judgement, lineage: Lineage, evidence: Evidence = NOTHING_KNOWN) -> list[Prescription]:
    """The orders that turn the take of `base` into the next attempt: at most MOST, the most promising first.

    Gates come before scores. An order that failed in this job is not given again as it was: the next remedy
    for its signal is, then the same by another amount or in another way. What helped beside orders that did
    not, while something fell, is first given alone. Empty where nothing is left to try.
    """
    helped = _without_company(base, lineage)
    if helped:
        return helped
    found: dict[tuple[DirectiveKind, int | None], Prescription] = {}
    for place, flagged in enumerate(_flagged(base)):
        one = _remedy(flagged, base, lineage, evidence, NEXT_PLACE**place)
        if one is not None:
            found.setdefault((one.order.kind, one.order.ordinal), one)
    return sorted(found.values(), key=lambda one: (not one.gate, -one.promise))[:MOST]


def _without_company(base: Judgement, lineage: Lineage) -> list[Prescription]:
    """The orders of the newest attempt that helped, where it was rejected and others of it did not help."""
    newest = len(lineage.outcomes) - 1
    mends = lineage.outcomes[newest].mends if lineage.outcomes else ()
    if not any(mend.fell for mend in mends) or lineage.base_of(newest) != base.attempt:
        return []
    pairs = zip(lineage.own(newest), mends, strict=False)
    helped = [order for order, mend in pairs if mend.improved]
    why = "it helped, beside orders that did not"
    return [
        Prescription(
            order=order,
            why=f"{order.kind.value} for {order.signal or 'the total'}: {why}",
            gate=order.signal in base.gates_failed,
            promise=1.0,
        )
        for order in helped
        if len(helped) < len(mends)
    ]


def _flagged(base: Judgement) -> Iterator[Directive]:
    """What the critic orders, most useful first, then what else it measured outside its interval."""
    yield from base.directives
    named = {order.signal for order in base.directives}
    weak = [s for s in base.signals if s.directive and s.name not in named and _is_outside(s)]
    for signal in sorted(weak, key=lambda s: s.score):
        yield Directive(
            kind=DirectiveKind(signal.directive),
            ordinal=signal.ordinal,
            amount=round(max(1 - signal.score, 0.1), 2),
            reason=f"{signal.label or signal.name}: {signal.value:.4g}{signal.unit and f' {signal.unit}'}",
            signal=signal.name,
        )


def _is_outside(signal: Signal) -> bool:
    too_low = signal.low is not None and signal.value < signal.low
    return too_low or (signal.high is not None and signal.value > signal.high)


def _remedy(
    flagged: Directive, base: Judgement, lineage: Lineage, evidence: Evidence, weight: float
) -> Prescription | None:
    """The most promising order against what was flagged that is not used up; None where all are."""
    kinds = REMEDIES.get(flagged.signal, ())
    kinds = kinds if flagged.kind in kinds else (flagged.kind, *kinds)
    options = []
    for place, kind in enumerate(kinds):
        ordinal = None if kind in WHOLE_VIDEO else flagged.ordinal
        failed = _failures(lineage, kind, ordinal, flagged.signal)
        order = _again(replace(flagged, kind=kind, ordinal=ordinal), failed)
        if order is not None and not _is_spent(order, base, lineage):
            chance = evidence.chance(kind, flagged.signal, max(PRIOR - PRIOR_STEP * place, PRIOR_STEP))
            options.append((len(failed), -chance, order))
    if not options:
        return None
    _, chance, order = min(options, key=lambda option: option[:2])
    record = evidence.words(order.kind, order.signal)
    return Prescription(
        order=order,
        why=f"{order.kind.value} for {order.signal or 'the total'}: {record}",
        gate=order.signal in base.gates_failed,
        promise=-chance * weight,
    )


def _failures(
    lineage: Lineage, kind: DirectiveKind, ordinal: int | None, signal: str
) -> list[tuple[Directive, Mend]]:
    """The orders of this kind that this job tried in vain against the signal, oldest first."""
    return [
        (order, mend)
        for attempt, outcome in enumerate(lineage.outcomes)
        for order, mend in zip(lineage.own(attempt), outcome.mends, strict=False)
        if (order.kind, order.ordinal, order.signal) == (kind, ordinal, signal) and not mend.kept
    ]


def _again(order: Directive, failed: list[tuple[Directive, Mend]]) -> Directive | None:
    """The order as it is worth giving after those that failed; None where no way is left.

    What can vary is varied. What helped but did harm elsewhere is halved, what did not help is doubled.
    """
    if not failed:
        return order
    if order.kind in VARIED:
        return replace(order, variation=len(failed))
    last, mend = failed[-1]
    amount = last.amount / 2 if mend.improved else last.amount * 2
    again = replace(order, amount=round(min(amount, 1.0), 2))
    return None if again.amount in {one.amount for one, _ in failed} else again


def _is_spent(order: Directive, base: Judgement, lineage: Lineage) -> bool:
    """Whether what the base was made with already goes as far as orders of this kind can."""
    if order.kind in VARIED:
        return False
    same = [o for o in _handed_down(base, lineage) if (o.kind, o.ordinal) == (order.kind, order.ordinal)]
    return sum(o.amount for o in same) >= 1


def _handed_down(base: Judgement, lineage: Lineage) -> tuple[Directive, ...]:
    """What the base hands down: its ancestors' orders and those of its own that were kept."""
    if not base.attempt:
        return ()
    before = lineage.orders(lineage.base_of(base.attempt))
    return (*before, *lineage.kept(base.attempt))


def _shrunk(prior: float, tried: int, kept: int) -> float:
    return (STRENGTH * prior + kept) / (STRENGTH + tried)
