"""A job's contracts, arranged for the eye: the stage graph, scenes with pictures, reasons with their odds."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.contracts.codec import digest
from apps.contracts.decision import Belief, Curve, Decision
from apps.contracts.progress import JobEvent, JobSnapshot, StageState, StageView
from apps.contracts.story import Scene
from apps.gateway.interface import JobDetail
from apps.studio import names
from apps.studio.tracks import AROUSAL

#: What each stage does, in words that need no manual.
STAGE_WORDS = {
    "decide": "Decide the plan",
    "write": "Write the story",
    "script": "Spell out the words",
    "narrate": "Speak each scene",
    "picture": "Draw each scene",
    "time": "Set the timing",
    "score": "Compose and mix",
    "compose": "Animate each scene",
    "assemble": "Join the video",
    "judge": "Measure the result",
    "settle": "Accept or mend",
    "remember": "Learn from it",
}
#: The stage graph from top to bottom: what stands side by side waits for the same and runs at once.
GRAPH = (
    ("decide",),
    ("write",),
    ("script",),
    ("narrate", "picture"),
    ("time",),
    ("score", "compose"),
    ("assemble",),
    ("judge",),
    ("settle",),
    ("remember",),
)
#: What a service told beside its result, by the event's type: the event's own facts fill the gaps.
NOTICE_WORDS = {
    "provider_fell_back": "{provider} could not deliver, {to} was used instead. {reason}",
    "voice_kept": "A line was said again by {provider}, so that one voice speaks throughout.",
    "writer_repaired": "The language model's answer was sent back to be put right: {problem}.",
    "writer_retried": "The language model was asked again ({status}).",
    "own_media_skipped": "Your file {file} was left out. {reason}",
    "music_skipped": "The track {track} was left out. {reason}",
    "stock_asset_skipped": "A file from {provider} was left out. {reason}",
}
#: A group of runs shows the first of these states that any of its runs is in.
_LOUDEST = (StageState.FAILED, StageState.RUNNING, StageState.READY, StageState.CANCELLED, StageState.DONE)
#: Decimal places of the emotion curve's SVG coordinates.
_PLACES = 1
#: Size of the emotion curve's drawing, in SVG units.
CURVE_WIDTH, CURVE_HEIGHT = 300, 80
#: Width of a rival's interval, in SVG units.
RIVAL_WIDTH = 160


@dataclass
class StageGroup:
    """All runs of one stage in one attempt."""

    stage: str
    attempt: int
    runs: list[StageView] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What the stage does."""
        return STAGE_WORDS.get(self.stage, self.stage.replace("_", " ").capitalize())

    @property
    def state(self) -> str:
        """The state that matters most among the runs."""
        states = {run.state for run in self.runs}
        return next((state.value for state in _LOUDEST if state in states), "waiting")

    @property
    def done(self) -> int:
        """Runs that are done."""
        return sum(run.state is StageState.DONE for run in self.runs)

    @property
    def seconds(self) -> float:
        """Time spent, all runs together."""
        return sum(run.seconds for run in self.runs)

    @property
    def reused(self) -> bool:
        """Whether all of it came from an earlier attempt."""
        return bool(self.runs) and all(run.reused for run in self.runs)


@dataclass(frozen=True)
class CurvePick:
    """A curve to choose: its drawing, and its points as "share:emotion" joined by commas."""

    curve: Curve
    path: str
    points: str


@dataclass(frozen=True)
class SceneCard:
    """A scene, and where its picture is once it is drawn."""

    scene: Scene
    picture_mark: str


def stages(snapshot: JobSnapshot) -> dict[int, list[list[StageGroup]]]:
    """Stage runs by attempt, newest first: the graph's levels, each with what runs side by side."""
    groups: dict[tuple[int, str], StageGroup] = {}
    for run in snapshot.stages:
        groups.setdefault((run.attempt, run.stage), StageGroup(run.stage, run.attempt)).runs.append(run)
    numbers = sorted({attempt for attempt, _ in groups}, reverse=True)
    return {
        number: [level for names in GRAPH if (level := [_group(groups, number, name) for name in names])]
        for number in numbers
    }


def _group(groups: dict[tuple[int, str], StageGroup], attempt: int, stage: str) -> StageGroup:
    return groups.get((attempt, stage)) or StageGroup(stage, attempt)


def scenes(snapshot: JobSnapshot) -> list[SceneCard]:
    """The story's scenes; a picture's mark changes when another is drawn, so its address does too."""
    story = snapshot.story.scenes if snapshot.story else ()
    return [SceneCard(scene, file_mark(snapshot.pictures.get(scene.ordinal, ""))) for scene in story]


def decisions(snapshot: JobSnapshot) -> tuple[Decision, ...]:
    """Every choice with its reason, each named once, the plan's word before strategy's."""
    plan = snapshot.plan
    if plan is None:
        return ()
    named = {decision.name: decision for decision in (*plan.strategy.decisions, *plan.decisions)}
    return tuple(named.values())


def notices(events: Iterable[JobEvent]) -> list[tuple[str, int]]:
    """What went otherwise than asked, in plain words, each with how often."""
    told = (
        NOTICE_WORDS[event.event_type].format_map(_Facts(event.metadata))
        for event in events
        if event.event_type in NOTICE_WORDS
    )
    return list(Counter(text.strip() for text in told).items())


@dataclass(frozen=True)
class RivalRow:
    """A candidate of a choice: its odds, and its interval (one sd) in SVG units."""

    name: str
    mean: float
    sd: float
    n: int
    propensity: float
    low: float
    wide: float
    at: float
    chosen: bool


def rivals(belief: Belief, kind: str, chosen: str) -> list[RivalRow]:
    """The candidates of a choice on one scale, likeliest first."""
    low = min(rival.mean - rival.sd for rival in belief.rivals)
    high = max(rival.mean + rival.sd for rival in belief.rivals)
    scale = RIVAL_WIDTH / max(high - low, 1e-9)
    return [
        RivalRow(
            name=names.level(kind, rival.reference_id),
            mean=rival.mean,
            sd=rival.sd,
            n=rival.n,
            propensity=rival.propensity,
            low=round((rival.mean - rival.sd - low) * scale, 1),
            wide=round(2 * rival.sd * scale, 1),
            at=round((rival.mean - low) * scale, 1),
            chosen=rival.reference_id == chosen,
        )
        for rival in belief.rivals
    ]


class _Facts(dict):
    """An event's facts; one that is not there is a gap, not an error."""

    def __missing__(self, name: str) -> str:
        return "?"


def curve_picks(curves: Iterable[Curve]) -> list[CurvePick]:
    """Curves by name, each name once."""
    by_name = {curve.name: curve for curve in sorted(curves, key=lambda curve: curve.name)}
    return [CurvePick(curve, curve_path(curve), _shares(curve)) for curve in by_name.values()]


def _shares(curve: Curve) -> str:
    length = max(curve.points[-1].sec, 1e-9)
    return ",".join(f"{point.sec / length:.3g}:{point.emotion}" for point in curve.points)


def curve_path(curve: Curve) -> str:
    """Arousal over time as the points of an SVG polyline."""
    length, (low, high) = max(curve.points[-1].sec, 1e-9), AROUSAL
    across, down = CURVE_WIDTH / length, CURVE_HEIGHT / (high - low)
    return " ".join(
        f"{p.sec * across:.{_PLACES}f},{(high - p.arousal) * down:.{_PLACES}f}" for p in curve.points
    )


def marks(detail: JobDetail, events: tuple[JobEvent, ...]) -> dict[str, str]:
    """A mark for each part of the page, which changes whenever there is something new to show in it."""
    summary, snapshot = detail.summary, detail.snapshot
    shown: dict[str, object] = {
        "head": (summary.status, round(summary.progress, 2), summary.stage, summary.failure)
    }
    if snapshot is not None:
        take = snapshot.take.key if snapshot.take else ""
        drawn = file_mark(str(sorted(snapshot.pictures.items())))
        judged = [judgement.id for judgement in snapshot.judgements]
        shown |= {
            "head": (shown["head"], snapshot.attempt, snapshot.usage.cost_usd),
            "player": (take, drawn, summary.percent if not take else 100, summary.status),
            "stages": snapshot.stages,
            "scenes": (snapshot.story, drawn, summary.ended),
            "timeline": take,
            "scores": (judged, snapshot.mends, snapshot.attempt, take),
            "plan": snapshot.plan,
            "after": summary.status,
            "notices": (notices(events), take),
        }
    return {name: digest(value)[:12] for name, value in shown.items()}


def file_mark(key: str) -> str:
    """A short name for what lies under a storage key; empty for none."""
    return digest(key)[:12] if key else ""
