"""What the critic says of a take, and what a retry must change."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Verdict(StrEnum):
    """critic_scores.verdict."""

    ACCEPT = "accept"
    RETRY = "retry"


class DirectiveKind(StrEnum):
    """What to change; each kind belongs to one stage (field guide 5)."""

    REWRITE_HOOK = "rewrite_hook"  # write: other first sentence
    TIGHTEN_PACING = "tighten_pacing"  # write: shorter or more scenes
    CLOSE_LOOP = "close_loop"  # write: a tail that leads into the hook
    TRIM_SILENCE = "trim_silence"  # time: less air between lines
    LOWER_BED = "lower_bed"  # score: more room for the voice
    FIX_LOUDNESS = "fix_loudness"  # score: level and peak
    REDRAW_SCENE = "redraw_scene"  # picture: another composition
    MORE_MOTION = "more_motion"  # compose: more energetic movement
    RESTYLE_CAPTIONS = "restyle_captions"  # compose: contrast, size, place
    MEND_FACTS = "mend_facts"  # write: say only what the sources say
    QUICKEN_CUTS = "quicken_cuts"  # time: cut to another framing inside a long shot
    MEND_SEAM = "mend_seam"  # compose: the last picture moves back onto the first
    FOLLOW_CURVE = "follow_curve"  # score: a bed whose loudness and density follow the curve


@dataclass(frozen=True, kw_only=True)
class Directive:
    """One order for the next attempt. `ordinal` names the scene, or None for the whole video.

    `amount` in (0, 1] says how far; `reason` is the measured fact behind it, `signal` its name.
    `variation` counts the times the same was ordered in vain: another way of carrying it out is wanted.
    """

    kind: DirectiveKind
    ordinal: int | None
    amount: float
    reason: str
    signal: str = ""
    variation: int = 0


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One measured value beside the interval it should lie in; None: unbounded on that side."""

    name: str
    part: str  # hook, pacing, loop, sound, text, file or opinion
    value: float
    low: float | None
    high: float | None
    score: float  # 0-1
    ordinal: int | None = None
    gate: bool = False  # a gate that fails forbids acceptance, whatever the scores
    label: str = ""  # what it is, in words
    unit: str = ""
    directive: str = ""  # DirectiveKind that mends it; empty where none does


@dataclass(frozen=True, kw_only=True)
class Scores:
    """0-100 each; total is weighted by the platform profile."""

    total: float
    hook: float
    pacing: float
    loop: float


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The critic's whole answer for one take."""

    id: UUID
    attempt: int
    scores: Scores
    verdict: Verdict
    threshold: float
    gates_failed: tuple[str, ...]
    signals: tuple[Signal, ...]
    directives: tuple[Directive, ...]
    look: str = ""  # perceptual hash of the first frame, 16 hex digits


@dataclass(frozen=True, kw_only=True)
class Mend:
    """What one order did: two takes, `base` and `attempt`, that differ in what the orders touched.

    `before` and `after` are the flagged signal's values beside its wanted interval, `score_before` and
    `score_after` its scores (0-1). `fell`: sub-scores that lost more than the margin, and gates that tripped
    only now. `kept`: the signal improved and nothing fell, so later attempts build on it.
    """

    base: int
    attempt: int
    kind: DirectiveKind
    ordinal: int | None
    signal: str
    before: float
    after: float
    low: float | None
    high: float | None
    improved: bool
    total_before: float
    total_after: float
    fell: tuple[str, ...]
    kept: bool
    score_before: float = 0.0  # the flagged signal's scores, 0-1
    score_after: float = 0.0


@dataclass(frozen=True, kw_only=True)
class MendStatistics:
    """What one kind of order has done so far; `signal` empty: over all signals it was given for.

    `share` is the mean of the Beta posterior of being kept, `low` and `high` its 80 % interval. `gain` and
    `total_gain` are means, in points (0-100), of the flagged signal's score and of the total.
    """

    kind: DirectiveKind
    signal: str
    tried: int
    kept: int
    share: float
    low: float
    high: float
    gain: float
    total_gain: float
