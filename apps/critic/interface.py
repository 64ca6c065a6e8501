"""The critic's door: judge a take, and read what was judged."""

from uuid import UUID

from apps.contracts.codec import from_json, to_json
from apps.contracts.decision import Plan
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, Judgement, Scores, Signal, Verdict
from apps.contracts.media import Mix, Take, Timeline
from apps.contracts.story import Script, Story
from apps.critic.directives import directives_for
from apps.critic.examine import examine
from apps.critic.models import CriticFeedback, CriticScore
from apps.critic.scoring import (
    bands_for,
    gates_failed,
    is_acceptable,
    part_scores,
    threshold_from,
    totalled,
)
from apps.foundation import blobs
from apps.foundation.transactions import in_transaction

#: First drafts that the bar is taken from.
RECENT_DRAFTS = 50


def judge(
    *,
    job_id: UUID,
    attempt: int,
    take: Take,
    timeline: Timeline,
    story: Story,
    script: Script,
    plan: Plan,
    mix: Mix,
) -> Judgement:
    """Measure the finished file, score it, and say what to change where it is not good enough.

    A job keeps the bar of its first judgement, so that a retry is held to what it was asked for.
    Raises UnableToWatch where the file holds no pictures.
    """
    with blobs.local(take.key) as video, blobs.local(mix.voice_key) as voice, blobs.scratch() as scratch:
        signals = examine(
            video=video,
            voice=voice,
            scratch=scratch,
            take=take,
            timeline=timeline,
            story=story,
            script=script,
            plan=plan,
        )
    threshold = _threshold(job_id, plan.strategy.platform)
    judgement = _weigh(row_id(job_id, attempt, "score"), attempt, signals, plan, threshold)
    _keep(job_id, plan.strategy.platform, judgement)
    return judgement


def judgements_of(job_id: UUID) -> tuple[Judgement, ...]:
    """Every judgement of a job, oldest attempt first."""
    rows = CriticScore.objects.filter(job_id=job_id).select_related("feedback").order_by("attempt")
    return tuple(_judgement(row) for row in rows)


def _weigh(id: UUID, attempt: int, signals: tuple[Signal, ...], plan: Plan, threshold: float) -> Judgement:
    bands, weights = bands_for(plan.strategy), plan.strategy.weights
    parts = part_scores(signals, bands)
    scores, gates = totalled(parts, weights), gates_failed(signals, bands)
    accepted = is_acceptable(scores, parts, gates, threshold)
    return Judgement(
        id=id,
        attempt=attempt,
        scores=scores,
        verdict=Verdict.ACCEPT if accepted else Verdict.RETRY,
        threshold=threshold,
        gates_failed=gates,
        signals=signals,
        directives=() if accepted else directives_for(signals, bands, weights),
    )


def _threshold(job_id: UUID, platform: str) -> float:
    scores = CriticScore.objects.using("critic")
    held = scores.filter(job_id=job_id).order_by("attempt").values_list("threshold", flat=True).first()
    if held is not None:
        return held
    drafts = scores.filter(platform=platform, attempt=0).order_by("-created_at")
    return threshold_from(list(drafts.values_list("total_score", flat=True)[:RECENT_DRAFTS]))


def _keep(job_id: UUID, platform: str, judgement: Judgement) -> None:
    with in_transaction("critic"):
        row, _ = CriticScore.objects.using("critic").update_or_create(
            id=judgement.id, defaults=_columns(job_id, platform, judgement)
        )
        CriticFeedback.objects.using("critic").update_or_create(
            id=row_id(job_id, judgement.attempt, "feedback"),
            defaults={
                "critic_score": row,
                "feedback": to_json({"signals": judgement.signals, "directives": judgement.directives}),
            },
        )


def _columns(job_id: UUID, platform: str, judgement: Judgement) -> dict[str, object]:
    scores = judgement.scores
    return {
        "job_id": job_id,
        "platform": platform,
        "total_score": scores.total,
        "hook_score": scores.hook,
        "pacing_score": scores.pacing,
        "loop_score": scores.loop,
        "verdict": judgement.verdict.value,
        "attempt": judgement.attempt,
        "threshold": judgement.threshold,
        "gates": list(judgement.gates_failed),
    }


def _judgement(row: CriticScore) -> Judgement:
    found = row.feedback.feedback
    return Judgement(
        id=row.id,
        attempt=row.attempt,
        scores=Scores(
            total=row.total_score, hook=row.hook_score, pacing=row.pacing_score, loop=row.loop_score
        ),
        verdict=Verdict(row.verdict),
        threshold=row.threshold,
        gates_failed=tuple(row.gates),
        signals=from_json(tuple[Signal, ...], found["signals"]),
        directives=from_json(tuple[Directive, ...], found["directives"]),
    )
