"""Memory's door: what to try next, what was used, and how it did."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from apps.contracts.decision import Advice, FactorKind
from apps.contracts.judgement import Judgement, Scores
from apps.memory import ledger
from apps.memory.models import CreativeMemory, Source
from apps.memory.posterior import Posterior, Sums, draw, platform_mean, posterior

#: Jobs over which a factor counts as recently used.
RECENT_JOBS = 10
#: The sub-score that a factor answers for; the others answer for the total. One judgement so says
#: something particular about each factor (field guide 4.6).
COMPONENT = {
    FactorKind.HOOK: "hook",
    FactorKind.CUT_RATE_BAND: "pacing",
    FactorKind.LOOP_TECHNIQUE: "loop",
}


def advise(*, platform: str, candidates: dict[FactorKind, tuple[str, ...]], seed: int) -> tuple[Advice, ...]:
    """One Advice for each candidate, best draw first within its kind.

    The same seed and evidence give the same draws. A candidate nobody has tried is expected to do
    as well as its kind does on this platform.
    """
    rows = list(
        CreativeMemory.objects.filter(platform=platform, type__in=[kind.value for kind in candidates])
    )
    recent = _recent_uses(platform)
    advice: list[Advice] = []
    for kind, references in candidates.items():
        known = {row.reference_id: ledger.sums_of(row) for row in rows if row.type == kind.value}
        expected = platform_mean(known.values())
        drawn = [
            _advice(platform, kind, reference, known.get(reference, Sums()), expected, recent, seed)
            for reference in dict.fromkeys(references)
        ]
        advice += sorted(drawn, key=lambda a: a.draw, reverse=True)
    return tuple(advice)


def record_use(*, job_id: UUID, platform: str, factors: dict[str, str]) -> None:
    """Note that a job uses these factors (FactorKind value -> reference id); again is once.

    Raises UnknownFactor.
    """
    ledger.count_uses(job_id=job_id, platform=platform, factors=factors)


def remember(*, job_id: UUID, platform: str, factors: dict[str, str], judgement: Judgement) -> None:
    """Let each factor of a job learn from its judgement. A job counts once; its newest judgement holds.

    Raises UnknownFactor.
    """
    values = {kind: _answers_for(judgement.scores, kind) for kind in factors}
    ledger.add_evidence(
        job_id=job_id, platform=platform, factors=factors, values=values, source=Source.CRITIC
    )


def leaderboard(*, platform: str) -> tuple[Advice, ...]:
    """What is known of every factor on a platform, best first; `draw` is the mean itself."""
    rows = list(CreativeMemory.objects.filter(platform=platform))
    board: list[Advice] = []
    for kind in FactorKind:
        known = {row.reference_id: ledger.sums_of(row) for row in rows if row.type == kind.value}
        expected = platform_mean(known.values())
        board += [_standing(platform, kind, reference, sums, expected) for reference, sums in known.items()]
    return tuple(sorted(board, key=lambda a: a.score, reverse=True))


def _answers_for(scores: Scores, kind: str) -> float:
    value: float = getattr(scores, COMPONENT.get(ledger.kind_of(kind), "total"))
    return value


def _advice(
    platform: str,
    kind: FactorKind,
    reference: str,
    sums: Sums,
    expected: float,
    recent: Counter[tuple[str, str]],
    seed: int,
) -> Advice:
    belief, uses = posterior(sums, expected), recent[kind.value, reference]
    drawn = draw(belief, recent_uses=uses, key=f"{seed}/{platform}/{kind.value}/{reference}")
    tired = f", used {uses} times of late" if uses > 1 else ""
    return _as_advice(
        kind,
        reference,
        belief,
        sums.n,
        drawn,
        f"{_record(belief, sums, platform)}; this draw {drawn:.0f}{tired}",
    )


def _standing(platform: str, kind: FactorKind, reference: str, sums: Sums, expected: float) -> Advice:
    belief = posterior(sums, expected)
    return _as_advice(kind, reference, belief, sums.n, belief.mean, _record(belief, sums, platform))


def _as_advice(
    kind: FactorKind, reference: str, belief: Posterior, n: int, drawn: float, reason: str
) -> Advice:
    return Advice(
        kind=kind,
        reference_id=reference,
        score=round(min(max(belief.mean, 0.0), 100.0), 2),
        sd=round(belief.sd, 2),
        n=n,
        draw=round(drawn, 2),
        reason=reason,
    )


def _record(belief: Posterior, sums: Sums, platform: str) -> str:
    if not sums.n:
        return f"untried on {platform}, expected {belief.mean:.0f} ±{belief.sd:.0f}"
    shorts = "short" if sums.n == 1 else "shorts"
    won, trusted = sums.sum / sums.weight, f"trusted as {belief.mean:.0f} ±{belief.sd:.0f}"
    return f"won {won:.0f} over {sums.n} {shorts} on {platform}, {trusted}"


def _recent_uses(platform: str) -> Counter[tuple[str, str]]:
    """(type, reference) -> uses among the RECENT_JOBS newest uses of its kind."""
    uses: Iterable[tuple[str, str]] = ledger.newest_uses(platform, RECENT_JOBS * len(FactorKind))
    seen: Counter[str] = Counter()
    recent: Counter[tuple[str, str]] = Counter()
    for kind, reference in uses:
        seen[kind] += 1
        recent[kind, reference] += seen[kind] <= RECENT_JOBS
    return recent
