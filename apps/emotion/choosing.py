"""Chooses a curve for one short: how well each fits, tipped by what memory drew. No I/O."""

from collections.abc import Sequence
from statistics import fmean

from apps.contracts.choosing import said_of
from apps.contracts.decision import Advice, AudienceProfile, Curve, FactorKind, Mood
from apps.emotion.circumplex import closeness, known_emotion, mood
from apps.emotion.timeline import SAMPLES, loop_gap, loops, peak_end

#: Shares of the fit; the loop's own share is the platform's loop weight, the rest is scaled to fill 1.
COMPANY_SHARE, PASSAGE_SHARE, OPENING_SHARE, PEAK_END_SHARE = 0.35, 0.2, 0.15, 0.1
#: What the next emotion sought counts beside the one before it: the first counts most.
BIAS_FADE = 0.7


def fit(curve: Curve, audience: AudienceProfile, loop_weight: float) -> float:
    """How well a curve suits an audience on a platform, 0-1.

    Sums the time it spends in the company of what the audience looks for, whether it passes through
    each of those emotions, whether it opens on one, a strong peak and end (field guide 3), and an
    end that leads back to the start as far as the platform rewards loops.
    """
    company, passage, opening = bias_match(curve, audience)
    parts = [
        (COMPANY_SHARE, company),
        (PASSAGE_SHARE, passage),
        (OPENING_SHARE, opening),
        (PEAK_END_SHARE, (peak_end(curve) + 1) / 2),
        (loop_weight, 1.0 - min(1.0, loop_gap(curve))),
    ]
    return sum(share * value for share, value in parts) / sum(share for share, _ in parts)


def bias_match(curve: Curve, audience: AudienceProfile) -> tuple[float, float, float]:
    """Time near the sought emotions, how many are passed, and how near the opening is; each 0-1.

    Words that the circumplex does not know count nothing; with none known all three are 0.5.
    """
    sought = [mood(emotion) for emotion in sought_emotions(audience)]
    if not sought:
        return 0.5, 0.5, 0.5
    end = curve.points[-1].sec
    moments = [curve.at(end * n / (SAMPLES - 1)) for n in range(SAMPLES)]
    weights = [BIAS_FADE**n for n in range(len(sought))]

    def near(moment: Mood) -> float:
        return max(w * closeness(s, moment) for w, s in zip(weights, sought, strict=True))

    nearest = [max(closeness(s, moment) for moment in moments) for s in sought]
    passage = sum(w * n for w, n in zip(weights, nearest, strict=True)) / sum(weights)
    return fmean(near(moment) for moment in moments), passage, near(moments[0])


def sought_emotions(audience: AudienceProfile) -> tuple[str, ...]:
    """The audience's bias in the table's words, strongest first, without repeats."""
    known = (known_emotion(word) for word in audience.emotion_bias)
    return tuple(dict.fromkeys(emotion for emotion in known if emotion))


def reason_for(
    curve: Curve, runner_up: str, audience: AudienceProfile, loop_weight: float, advice: Sequence[Advice]
) -> str:
    """Why this curve, in words a person reads."""
    sought = sought_emotions(audience)
    met = [emotion for emotion in sought if emotion in {point.emotion for point in curve.points}]
    text = f"{audience.name} look for {_listed(audience.emotion_bias)}"
    text += f", and it passes through {_listed(met)}" if met else ", and it comes nearest to that"
    if loops(curve):
        text += f"; it ends as it began, which suits a loop weight of {loop_weight:.0%}"
    text += f". Next best: {runner_up}." if runner_up else "."
    return text + said_of(curve.name, FactorKind.EMOTION_CURVE, advice)


def _listed(words: Sequence[str]) -> str:
    return (
        words[0]
        if len(words) == 1
        else ", ".join(words[:-1]) + " and " + words[-1]
        if words
        else "nothing known"
    )
