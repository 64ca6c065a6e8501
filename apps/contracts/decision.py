"""What the deciding services return: profiles, numbers and enums, each choice with its reason."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class HookType(StrEnum):
    """How the first sentence takes hold (field guide 2.1, Script)."""

    QUESTION = "question"  # asks what the video answers
    CONTRADICTION = "contradiction"  # denies what most people believe
    NUMBER = "number"  # opens on the most surprising figure
    STAKES = "stakes"  # what the viewer stands to lose
    MYSTERY = "mystery"  # points at something without naming it
    CHALLENGE = "challenge"  # dares the viewer


class LoopTechnique(StrEnum):
    """How the end leads back into the beginning."""

    OPEN_SENTENCE = "open_sentence"  # the last line reads on into the first
    RETURN = "return"  # the last picture is the first picture
    ANSWER_LAST = "answer_last"  # the hook's question is answered at the very end


class FactorKind(StrEnum):
    """The creative choices that memory learns about: creative_memory.type."""

    HOOK = "hook"
    PERSONA = "persona"
    EMOTION_CURVE = "emotion_curve"
    LENGTH_BAND = "length_band"
    CUT_RATE_BAND = "cut_rate_band"
    CAPTION_STYLE = "caption_style"
    LOOP_TECHNIQUE = "loop_technique"


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One candidate of a choice: how well it fits (0-1), what memory believes of it, and how often
    this very choice would have fallen on it (`propensity`, 0-1)."""

    reference_id: str
    fit: float
    mean: float
    sd: float
    n: int
    propensity: float


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What stood behind a choice that memory had a say in; points are the critic's, 0-100.

    `cost` is the expected score given up, in points, against the candidate expected to do best: the price
    of exploring. `rivals` are all candidates, the chosen one included, likeliest first.
    """

    mean: float
    sd: float
    n: int
    propensity: float
    cost: float
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One choice on record: what was chosen, and why, in words a person reads.

    `belief` is None where there was nothing to choose: the brief asked for it, or it follows from others.
    """

    name: str
    value: str
    reason: str
    belief: Belief | None = None


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in pixels of a 1080x1920 frame; edges inclusive-left, exclusive-right."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, kw_only=True)
class PlatformProfile:
    """The rules of one platform. Lengths in whole seconds, weights 0-1."""

    platform: str
    name: str
    ideal_length: int
    min_length: int
    max_length: int
    hook_window_seconds: float
    loop_weight: float
    priority_metrics: tuple[str, ...]
    safe_box: Box


@dataclass(frozen=True, kw_only=True)
class AudienceProfile:
    """Normalised assumptions about who watches.

    `attention_span`: seconds before an unrewarded viewer leaves. `language_mix`: language tag to
    share (sums to 1). `visual_energy`: low, medium or high. `emotion_bias`: emotions they seek.
    """

    key: str
    name: str
    attention_span: float
    language_mix: dict[str, float]
    visual_energy: str
    emotion_bias: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VoiceProfile:
    """How a persona sounds. `rate` in words a minute wanted, `pitch` 0-99, `gain_db` in dB.

    `voices` maps a language tag to the embedded voice for it, and "tag@provider" to that provider's own.
    """

    voices: dict[str, str] = field(default_factory=dict)
    rate: int = 170
    pitch: int = 50
    pitch_range: int = 50
    gain_db: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Persona:
    """Who speaks. sentence_length: short|medium|long; energy_level: low|medium|high;
    vocabulary_level: simple|everyday|rich. `caption_style` names one of video's styles."""

    id: str
    name: str
    sentence_length: str
    energy_level: str
    vocabulary_level: str
    voice: VoiceProfile
    caption_style: str = "bold_pop"
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Mood:
    """An emotion at one moment; valence and arousal in [-1, 1] (circumplex, field guide 3)."""

    emotion: str
    valence: float
    arousal: float


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """`emotion` is reached at second `sec`."""

    sec: float
    emotion: str
    valence: float
    arousal: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """An emotion curve stretched to a video's length; points sorted by `sec`, first at 0."""

    id: UUID
    name: str
    points: tuple[CurvePoint, ...]

    def at(self, sec: float) -> Mood:
        """The mood at a second: valence and arousal linear between points, emotion of the nearer."""
        before = max((p for p in self.points if p.sec <= sec), key=lambda p: p.sec, default=self.points[0])
        after = min((p for p in self.points if p.sec >= sec), key=lambda p: p.sec, default=self.points[-1])
        span = after.sec - before.sec
        share = (sec - before.sec) / span if span > 0 else 0.0
        return Mood(
            emotion=(after if share > 0.5 else before).emotion,
            valence=before.valence + share * (after.valence - before.valence),
            arousal=before.arousal + share * (after.arousal - before.arousal),
        )


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What memory knows of one factor on one platform: shrunken mean score, sd, and evidence n.

    `score` is in [0, 100] like the critic's total. `draw` is this plan's Thompson sample, in points;
    `samples` are more draws of the same policy, the k-th of every candidate from one and the same draw of
    the whole model: how often a candidate leads them is its propensity. `prior_sd` is the sd before any
    evidence.
    """

    kind: FactorKind
    reference_id: str
    score: float
    sd: float
    n: int
    draw: float
    reason: str
    prior_sd: float = 0.0
    samples: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Recent:
    """What a channel has shown of late, so that the next short is another one.

    `openings`: first three words of the newest shorts' scripts, lower case, single spaces. `looks`: 64-bit
    perceptual hashes of their first frames, 16 hex digits. `alerts`: what has grown too uniform, in words.
    """

    openings: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """Numbers and enums for one job. `cut_seconds`: the mean shot length wanted, seconds.

    `hook_types` is ranked, best first. `weights` has hook, pacing and loop and sums to 1. `priority_metrics`
    is what the platform ranks by, the most important first.
    """

    platform: str
    length_seconds: int
    min_length: int
    max_length: int
    hook_window_seconds: float
    scene_count: int
    cut_seconds: float
    loop_technique: LoopTechnique
    hook_types: tuple[HookType, ...]
    weights: dict[str, float]
    safe_box: Box
    decisions: tuple[Decision, ...]
    priority_metrics: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FrameSpec:
    """What is rendered: pixels and frames a second."""

    width: int = 1080
    height: int = 1920
    fps: int = 30


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything decided before a word is written. `factors` maps FactorKind to reference id."""

    strategy: Strategy
    audience: AudienceProfile
    persona: Persona
    curve: Curve
    hook_type: HookType
    caption_style: str
    retry_limit: int
    frame: FrameSpec
    factors: dict[str, str]
    decisions: tuple[Decision, ...]
    recent: Recent = Recent()
