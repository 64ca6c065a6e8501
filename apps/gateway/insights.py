"""What has been learned so far, for whoever looks. Asked of the orchestrator; nothing is kept here."""

from collections.abc import Sequence

from apps.contracts.decision import FactorKind
from apps.contracts.judgement import MendStatistics
from apps.contracts.performance import LearningPoint, Standing, Variety
from apps.contracts.progress import Day, Output, StageTime
from apps.orchestrator import interface as orchestrator

#: Kinds of factors that a leaderboard can be held to.
KINDS = tuple(kind.value for kind in FactorKind)
#: Points of a learning curve at most.
CURVE_LIMIT = 2000


def leaderboard(platform: str, kind: str = "") -> tuple[Standing, ...]:
    """How each level of each factor (of one `kind` where it is named) does on a platform, best first."""
    return orchestrator.standings(platform=platform, kind=kind)


def learning_curve(*, platform: str = "", channel: str = "", limit: int = 500) -> tuple[LearningPoint, ...]:
    """The newest `limit` (at most 2000) shorts with a reward or a score, oldest first."""
    return orchestrator.learning_curve(platform=platform, channel=channel, limit=min(limit, CURVE_LIMIT))


def varieties(channel: str) -> tuple[Variety, ...]:
    """How varied each factor is in a channel's newest shorts, with an alert where it has grown uniform."""
    return orchestrator.varieties(channel=channel)


def mend_statistics(platform: str = "", *, by_signal: bool = False) -> tuple[MendStatistics, ...]:
    """Which orders of a retry help, most often tried first; over all platforms where none is named."""
    return orchestrator.mend_statistics(platform, by_signal=by_signal)


def stage_times() -> tuple[StageTime, ...]:
    """How long each stage takes of late, and what of it waits now."""
    return orchestrator.stage_times()


def today() -> Day:
    """What today (UTC) has brought so far, and what waits."""
    return orchestrator.today()


def throughput(*, days: int = 14) -> tuple[Output, ...]:
    """Jobs of the last `days` that ended, by day (UTC), oldest first, none left out."""
    return orchestrator.throughput(days=days)


def permitted(channel: str, channels: Sequence[str]) -> bool:
    """Whether whoever is held to `channels` (empty: to none) may look at `channel` ("" : at all of them)."""
    return not channels or channel in channels
