"""A job's contracts, arranged for the eye: grouped stages, scenes with pictures, signals with intervals."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.contracts.codec import digest
from apps.contracts.decision import Curve, Decision
from apps.contracts.judgement import Judgement, Signal
from apps.contracts.progress import JobEvent, JobSnapshot, StageState, StageView
from apps.contracts.story import Scene
from apps.gateway.interface import JobDetail

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
        return next(state.value for state in _LOUDEST if state in states)

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
        return all(run.reused for run in self.runs)


@dataclass(frozen=True)
class SceneCard:
    """A scene, and where its picture is once it is drawn."""

    scene: Scene
    picture_mark: str


@dataclass(frozen=True)
class SignalRow:
    """A measured value beside the interval it should lie in."""

    signal: Signal
    wanted: str
    inside: bool


@dataclass(frozen=True)
class AttemptScores:
    """The critic's answer for one attempt, its signals by part."""

    judgement: Judgement
    parts: dict[str, list[SignalRow]]


def attempts(snapshot: JobSnapshot) -> dict[int, list[StageGroup]]:
    """Stage runs grouped by attempt (newest first), then by stage in the order they came."""
    groups: dict[tuple[int, str], StageGroup] = {}
    for run in snapshot.stages:
        groups.setdefault((run.attempt, run.stage), StageGroup(run.stage, run.attempt)).runs.append(run)
    order = list(STAGE_WORDS)
    ranked = sorted(groups.values(), key=lambda g: order.index(g.stage) if g.stage in order else len(order))
    numbers = sorted({group.attempt for group in ranked}, reverse=True)
    return {number: [group for group in ranked if group.attempt == number] for number in numbers}


def scenes(snapshot: JobSnapshot) -> list[SceneCard]:
    """The story's scenes; a picture's mark changes when another is drawn, so its address does too."""
    story = snapshot.story.scenes if snapshot.story else ()
    return [SceneCard(scene, _mark(snapshot.pictures.get(scene.ordinal, ""))) for scene in story]


def scores(snapshot: JobSnapshot) -> list[AttemptScores]:
    """Every attempt's scores, newest first."""
    return [AttemptScores(judged, _by_part(judged.signals)) for judged in reversed(snapshot.judgements)]


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


class _Facts(dict):
    """An event's facts; one that is not there is a gap, not an error."""

    def __missing__(self, name: str) -> str:
        return "?"


def curve_path(curve: Curve) -> str:
    """Arousal over time as the points of an SVG polyline."""
    length = max(curve.points[-1].sec, 1e-9)
    return " ".join(
        f"{p.sec / length * CURVE_WIDTH:.{_PLACES}f},{(1 - p.arousal) / 2 * CURVE_HEIGHT:.{_PLACES}f}"
        for p in curve.points
    )


def mark(detail: JobDetail) -> str:
    """Changes whenever there is something new to show."""
    return digest((detail.summary.status, detail.snapshot))[:12]


def _mark(key: str) -> str:
    return digest(key)[:12] if key else ""


def _by_part(signals: Iterable[Signal]) -> dict[str, list[SignalRow]]:
    parts: dict[str, list[SignalRow]] = {}
    for signal in signals:
        above = signal.low is None or signal.value >= signal.low
        below = signal.high is None or signal.value <= signal.high
        parts.setdefault(signal.part, []).append(SignalRow(signal, _interval(signal), above and below))
    return parts


def _interval(signal: Signal) -> str:
    if signal.low is not None and signal.high is not None:
        return f"{signal.low:g} to {signal.high:g}"
    if signal.low is not None:
        return f"at least {signal.low:g}"
    return f"at most {signal.high:g}" if signal.high is not None else "any"
