"""Memory's door: what to try next, what was used, how it did, and how varied it still is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID
from zlib import crc32

from apps.contracts.decision import Advice, FactorKind, Recent
from apps.contracts.judgement import Judgement
from apps.contracts.opening import opening_of
from apps.contracts.performance import LearningPoint, Performance, Rewards, Standing, Variety
from apps.memory import curve, designing, ledger, shelf, variety
from apps.memory.ledger import UnableToLearn, UnknownFactor
from apps.memory.model import Reading
from apps.memory.models import CreativeMemory, PlatformModel, RememberedShort
from apps.memory.policy import WINDOW, Weighed, label, weigh
from apps.memory.replay import Check, check
from apps.memory.saying import on_record, why_this_experiment

__all__ = [
    "Summary",
    "UnableToDesign",
    "UnableToLearn",
    "UnknownFactor",
    "advise",
    "design_experiment",
    "learning_curve",
    "performance_of",
    "platforms",
    "rebuild",
    "recent",
    "record_use",
    "remember",
    "report",
    "rewards_of",
    "rewards_of_all",
    "standings",
    "summary",
    "varieties",
]

#: Standard deviations on either side that hold 80 % of a normal belief.
EIGHTY = 1.2816


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A platform in figures: its shorts, those judged and those with real numbers, what is known of the
    critic by component, and the policy's check (None: too few shorts)."""

    shorts: int
    judged: int
    real: int
    readings: dict[str, Reading]
    check: Check | None


class UnableToDesign(ValueError):
    """There is nothing to compare: name at least two levels of some factor."""


# What to try -----------------------------------------------------------------------------------------


def advise(
    *,
    platform: str,
    candidates: dict[FactorKind, tuple[str, ...]],
    seed: int,
    channel: str = "default",
) -> tuple[Advice, ...]:
    """One Advice for each candidate, best draw first within its kind, all from one draw of the whole model.

    The same seed and evidence give the same draws. A candidate nobody has tried is expected to do as its kind
    does on this platform. Raises UnknownFactor.
    """
    open_factors = {ledger.kind_of(kind).value: names for kind, names in candidates.items() if names}
    if not open_factors:
        return ()
    ledger.acquaint(platform, open_factors)
    beliefs = shelf.beliefs(platform, open_factors, _labels(open_factors))
    weighed = weigh(
        beliefs,
        open_factors,
        history=[short.factors for short in shelf.history(channel, WINDOW)],
        known=shelf.known_levels([platform]),
        seed=(abs(seed), int(seed < 0), crc32(platform.encode())),
    )
    rows = {(row.type, row.reference_id): row for row in shelf.rows_of(platform, open_factors)}
    given = [_advice(w, rows[w.kind, w.reference], platform) for w in weighed]
    order = {kind: n for n, kind in enumerate(open_factors)}
    return tuple(sorted(given, key=lambda a: (order[a.kind.value], -a.draw)))


def design_experiment(
    *,
    platform: str,
    candidates: dict[FactorKind, tuple[str, ...]],
    n: int,
    kind: FactorKind | None = None,
    channel: str = "default",
) -> tuple[FactorKind, tuple[str, ...], str]:
    """Which factor and which of its levels, at most `n`, would teach most, and why in words.

    Expected information weighted by the chance of being best. Raises UnableToDesign, UnknownFactor.
    """
    open_factors = {
        ledger.kind_of(found).value: names for found, names in candidates.items() if kind in (None, found)
    }
    if n < 2 or not any(len(set(names)) > 1 for names in open_factors.values()):
        raise UnableToDesign(UnableToDesign.__doc__)
    beliefs = shelf.beliefs(platform, open_factors, _labels(open_factors))
    choices = designing.most_telling(beliefs, open_factors, n)
    return FactorKind(choices[0].kind), choices[0].levels, why_this_experiment(choices, platform)


def recent(*, channel: str = "default") -> Recent:
    """What a channel has shown of late, and what has grown too uniform."""
    shorts = shelf.history(channel, WINDOW)
    openings = [short.opening for short in shorts if short.opening][: variety.OPENINGS]
    looks = [short.look for short in shorts if short.look][: variety.LOOKS]
    scripts = [bytes(short.shingles) for short in shorts if short.shingles]
    return Recent(
        openings=tuple(openings),
        looks=tuple(looks),
        alerts=variety.alerts(_varieties(shorts), openings, looks, scripts),
    )


# What was used, and how it did -----------------------------------------------------------------------


def record_use(
    *,
    job_id: UUID,
    platform: str,
    factors: dict[str, str],
    channel: str = "default",
    propensities: Mapping[str, float] | None = None,
    length_seconds: float = 0.0,
) -> None:
    """Note that a job's short uses these factors (FactorKind value -> reference id); again is once.

    `propensities` (0-1, by kind): how often each choice would have fallen so. Raises UnknownFactor.
    """
    ledger.count_uses(
        job_id=job_id,
        platform=platform,
        channel=channel,
        factors=_checked(factors),
        propensities=propensities or {},
        length_seconds=length_seconds,
    )


def remember(
    *,
    job_id: UUID,
    platform: str,
    factors: dict[str, str],
    judgement: Judgement,
    script_text: str = "",
) -> None:
    """Let a short's factors learn from its judgement; its newest judgement holds.

    Of the script only its first three words and hashes of its phrases are kept. Raises UnknownFactor.
    """
    ledger.learn_from_critic(
        job_id=job_id,
        platform=platform,
        factors=_checked(factors),
        scores=asdict(judgement.scores),
        opening=opening_of(script_text)[: variety.OPENING_LENGTH],
        look=variety.look_of(judgement.look),
        shingles=variety.shingles(script_text),
    )


def report(*, job_id: UUID, performances: tuple[Performance, ...]) -> Rewards:
    """Let a short's factors learn from its real numbers; the newest report of the newest day holds.

    Everything reported is kept. Raises UnableToLearn for a job that memory does not know.
    """
    ledger.learn_from_platform(job_id=job_id, performances=performances)
    return rewards_of(job_id) or Rewards()


def performance_of(job_id: UUID) -> tuple[Performance, ...]:
    """A short's real numbers by day, oldest first; the newest report of each day."""
    return shelf.performances(job_id)


def rewards_of(job_id: UUID) -> Rewards | None:
    """A short's rewards; None where no numbers that say anything were reported."""
    short = RememberedShort.objects.using(shelf.ALIAS).filter(job_id=job_id).first()
    return Rewards(**short.rewards) if short and short.rewards else None


def rewards_of_all(job_ids: Sequence[UUID]) -> dict[UUID, Rewards]:
    """The rewards of many shorts at once; those without any are left out."""
    shorts = RememberedShort.objects.using(shelf.ALIAS).filter(job_id__in=list(job_ids))
    return {job: Rewards(**rewards) for job, rewards in shorts.values_list("job_id", "rewards") if rewards}


def rebuild(platform: str = "") -> int:
    """Make a platform's model (or every one) again from the rows alone; how many shorts it counts."""
    known = PlatformModel.objects.using(shelf.ALIAS).values_list("platform", flat=True)
    return sum(ledger.rebuild(name) for name in ([platform] if platform else sorted(known)))


# What is known ---------------------------------------------------------------------------------------


def standings(*, platform: str, kind: str = "") -> tuple[Standing, ...]:
    """A platform's leaderboard, best first; of one kind of factor where it is named. Raises UnknownFactor."""
    kinds = [ledger.kind_of(kind).value] if kind else [k.value for k in FactorKind]
    found = shelf.standing_rows(platform, shelf.rows_of(platform, kinds))
    return tuple(sorted((_standing(*row) for row in found), key=lambda s: -s.mean))


def learning_curve(*, platform: str = "", channel: str = "", limit: int = 500) -> tuple[LearningPoint, ...]:
    """The newest `limit` shorts with a reward or a score, oldest first."""
    shorts, before = shelf.learned_from(platform, channel, limit + curve.AVERAGED)
    return curve.points(shorts, limit, before=before)


def platforms() -> tuple[str, ...]:
    """Every platform that memory knows shorts of."""
    models = PlatformModel.objects.using(shelf.ALIAS)
    return tuple(models.order_by("platform").values_list("platform", flat=True))


def summary(*, platform: str) -> Summary:
    """A platform in figures."""
    counts = shelf.counts(platform)
    return Summary(
        shorts=counts["shorts"],
        judged=counts["judged"],
        real=counts["real"],
        readings=shelf.readings(platform),
        check=check(shelf.logged(platform)),
    )


def varieties(*, channel: str = "default") -> tuple[Variety, ...]:
    """How varied each factor is in a channel's newest shorts."""
    return _varieties(shelf.history(channel, WINDOW))


def _varieties(shorts: Sequence[RememberedShort]) -> tuple[Variety, ...]:
    known = shelf.known_levels({short.platform for short in shorts})
    shown = {kind for short in shorts for kind in short.factors}
    return variety.varieties(
        [short.factors for short in shorts], {kind: n for kind, n in known.items() if kind in shown}
    )


def _checked(factors: Mapping[str, str]) -> dict[str, str]:
    return {ledger.kind_of(kind).value: name for kind, name in factors.items()}


def _labels(factors: Mapping[str, Sequence[str]]) -> list[str]:
    return [label(kind, name) for kind, names in factors.items() for name in names]


def _advice(weighed: Weighed, row: CreativeMemory, platform: str) -> Advice:
    return Advice(
        kind=FactorKind(weighed.kind),
        reference_id=weighed.reference,
        score=round(min(max(weighed.mean, 0.0), 100.0), 2),
        sd=round(weighed.sd, 2),
        n=row.metadata.get("n", 0),
        draw=round(weighed.draw, 2),
        reason=on_record(weighed, row.metadata, platform),
        prior_sd=round(weighed.prior_sd, 2),
        samples=weighed.samples,
    )


def _standing(row: CreativeMemory, mean: float, sd: float, _: float) -> Standing:
    return Standing(
        kind=row.type,
        reference_id=row.reference_id,
        platform=row.platform,
        mean=round(mean, 2),
        sd=round(sd, 2),
        low=round(max(mean - EIGHTY * sd, 0.0), 2),
        high=round(min(mean + EIGHTY * sd, 100.0), 2),
        n=row.metadata.get("n", 0),
        n_real=row.metadata.get("n_real", 0),
        uses=row.reuse_count,
    )
