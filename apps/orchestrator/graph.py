"""The stage graph: what waits for what, where it runs, and how a directive finds its stage.

Plain data and pure functions. No Django, no I/O.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.contracts.judgement import DirectiveKind


class Stage(StrEnum):
    """stage_runs.stage"""

    DECIDE = "decide"
    WRITE = "write"
    SCRIPT = "script"
    NARRATE = "narrate"
    PICTURE = "picture"
    TIME = "time"
    SCORE = "score"
    COMPOSE = "compose"
    ASSEMBLE = "assemble"
    JUDGE = "judge"
    SETTLE = "settle"
    REMEMBER = "remember"


class Queue(StrEnum):
    """Broker queues; heavy stages use a whole core, quick ones must not wait behind them."""

    QUICK = "quick"
    HEAVY = "heavy"


@dataclass(frozen=True)
class Step:
    """One node. `cost` is its usual share of the work, for progress only."""

    after: tuple[Stage, ...]
    queue: Queue
    cost: float
    per_scene: bool = False


GRAPH: dict[Stage, Step] = {
    Stage.DECIDE: Step((), Queue.QUICK, 1),
    Stage.WRITE: Step((Stage.DECIDE,), Queue.QUICK, 1),
    Stage.SCRIPT: Step((Stage.WRITE,), Queue.QUICK, 1),
    Stage.NARRATE: Step((Stage.SCRIPT,), Queue.HEAVY, 1, per_scene=True),
    Stage.PICTURE: Step((Stage.SCRIPT,), Queue.HEAVY, 2, per_scene=True),
    Stage.TIME: Step((Stage.NARRATE,), Queue.QUICK, 1),
    Stage.SCORE: Step((Stage.TIME,), Queue.HEAVY, 6),
    Stage.COMPOSE: Step((Stage.TIME, Stage.PICTURE), Queue.HEAVY, 8, per_scene=True),
    Stage.ASSEMBLE: Step((Stage.COMPOSE, Stage.SCORE), Queue.HEAVY, 4),
    Stage.JUDGE: Step((Stage.ASSEMBLE,), Queue.HEAVY, 6),
    Stage.SETTLE: Step((Stage.JUDGE,), Queue.QUICK, 1),
    # Only an accepted take is remembered: settle's outcome, not the graph, makes this one ready.
    Stage.REMEMBER: Step((Stage.SETTLE,), Queue.QUICK, 1),
}

#: The stage that carries each directive out; only it and what follows from it runs again.
OWNER: dict[DirectiveKind, Stage] = {
    DirectiveKind.REWRITE_HOOK: Stage.WRITE,
    DirectiveKind.TIGHTEN_PACING: Stage.WRITE,
    DirectiveKind.CLOSE_LOOP: Stage.WRITE,
    DirectiveKind.TRIM_SILENCE: Stage.TIME,
    DirectiveKind.LOWER_BED: Stage.SCORE,
    DirectiveKind.FIX_LOUDNESS: Stage.SCORE,
    DirectiveKind.REDRAW_SCENE: Stage.PICTURE,
    DirectiveKind.MORE_MOTION: Stage.COMPOSE,
    DirectiveKind.RESTYLE_CAPTIONS: Stage.COMPOSE,
    DirectiveKind.MEND_FACTS: Stage.WRITE,
    DirectiveKind.QUICKEN_CUTS: Stage.TIME,
    DirectiveKind.MEND_SEAM: Stage.COMPOSE,
    DirectiveKind.FOLLOW_CURVE: Stage.SCORE,
}

#: Share of the progress bar that the first attempt fills; later attempts halve what is left.
FIRST_ATTEMPT_SHARE = 0.8

Node = tuple[Stage, int]


def nodes(stage: Stage, scenes: int | None) -> list[Node]:
    """The runs of a stage in one attempt; none while the number of scenes it needs is unknown."""
    if not GRAPH[stage].per_scene:
        return [(stage, 0)]
    return [(stage, n) for n in range(scenes or 0)]


def needs(node: Node, scenes: int | None) -> list[Node]:
    """The runs that must be done before `node`: its own scene's where both are per scene.

    `compose` of one scene needs that scene's picture only, but the timeline needs every narration.
    """
    stage, ordinal = node
    found: list[Node] = []
    for before in GRAPH[stage].after:
        both = GRAPH[stage].per_scene and GRAPH[before].per_scene
        found += [(before, ordinal)] if both else nodes(before, scenes)
    if stage is Stage.COMPOSE and scenes and ordinal == scenes - 1:
        found.append((Stage.PICTURE, 0))  # the loop scene returns to the hook's picture
    return found


def ready(done: Collection[Node], known: Collection[Node], scenes: int | None) -> Iterator[Node]:
    """Runs that may start now and have no row yet. `remember` is left to settle."""
    for stage in GRAPH:
        counted = any(GRAPH[one].per_scene for one in (stage, *GRAPH[stage].after))
        if stage is Stage.REMEMBER or (counted and scenes is None):
            continue
        for node in nodes(stage, scenes):
            if node not in known and all(before in done for before in needs(node, scenes)):
                yield node


def progress(done: Collection[Node], scenes: int | None, attempt: int) -> float:
    """How far the whole job is, in [0, 1): the first attempt fills most, each later one half the rest."""
    guess = scenes or 6
    total = sum(GRAPH[s].cost * len(nodes(s, guess)) for s in GRAPH if s is not Stage.REMEMBER)
    share = min(sum(GRAPH[stage].cost for stage, _ in done if stage is not Stage.REMEMBER) / total, 1.0)
    start, width = 0.0, FIRST_ATTEMPT_SHARE
    for _ in range(attempt):
        start += width
        width = (1.0 - start) / 2
    return start + width * share
