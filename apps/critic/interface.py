"""The critic's door: judge a take, and read what was judged."""

from dataclasses import replace
from uuid import UUID

from django.conf import settings

from apps.contracts.codec import from_json, to_json
from apps.contracts.decision import Plan
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, Judgement, Scores, Signal, Verdict
from apps.contracts.media import Mix, Take, Timeline
from apps.contracts.story import Script, Story
from apps.critic.bands import OPINION_BAND, bands_for
from apps.critic.directives import directives_for
from apps.critic.evidence import Reading
from apps.critic.examine import Findings, examine
from apps.critic.models import CriticFeedback, CriticScore
from apps.critic.providers.opinion import Model, opinion_of
from apps.critic.scoring import (
    RECENT_DRAFTS,
    gates_failed,
    is_acceptable,
    part_scores,
    signal_of,
    threshold_from,
    totalled,
    weights_for,
)
from apps.foundation import blobs
from apps.foundation.notices import tell
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.foundation.transactions import in_transaction


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
        findings = examine(
            video=video,
            voice=voice,
            scratch=scratch,
            take=take,
            timeline=timeline,
            story=story,
            script=script,
            plan=plan,
        )
    findings = replace(findings, signals=(*findings.signals, *_opinion(take, script)))
    threshold = _threshold(job_id, plan.strategy.platform)
    judgement = _weigh(row_id(job_id, attempt, "score"), attempt, findings, plan, threshold)
    _keep(job_id, plan.strategy.platform, judgement)
    return judgement


def judgements_of(job_id: UUID) -> tuple[Judgement, ...]:
    """Every judgement of a job, oldest attempt first."""
    rows = CriticScore.objects.filter(job_id=job_id).select_related("feedback").order_by("attempt")
    return tuple(_judgement(row) for row in rows)


def _opinion(take: Take, script: Script) -> tuple[Signal, ...]:
    """A language model's opinion as one more signal, where one is configured and answers."""
    model = Model(
        base_url=settings.CRITIC_BASE_URL,
        key=settings.CRITIC_API_KEY,
        name=settings.CRITIC_MODEL,
        sees=settings.CRITIC_SEES,
        timeout=settings.CRITIC_TIMEOUT,
        price_in=settings.CRITIC_PRICE_IN,
        price_out=settings.CRITIC_PRICE_OUT,
    )
    if not model.configured:
        return ()
    lines = [" ".join(word.display for word in line.words) for line in script.lines]
    sheet = blobs.read_bytes(take.sheet_key) if model.sees and take.sheet_key else b""
    try:
        mark = opinion_of(model, lines, sheet)
    except (ProviderUnavailable, UnableToProvide) as error:
        tell("opinion_missing", reason=str(error))
        return ()
    return (signal_of(Reading(name="opinion", value=mark), OPINION_BAND),)


def _weigh(id: UUID, attempt: int, findings: Findings, plan: Plan, threshold: float) -> Judgement:
    signals, bands, weights = findings.signals, bands_for(plan.strategy), weights_for(plan.strategy)
    parts = part_scores(signals, bands)
    scores, gates = totalled(parts, weights, opinion=settings.CRITIC_WEIGHT), gates_failed(signals, bands)
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
        look=findings.look,
    )


def _threshold(job_id: UUID, platform: str) -> float:
    scores = CriticScore.objects.using("critic")
    held = scores.filter(job_id=job_id).order_by("attempt").values_list("threshold", flat=True).first()
    if held is not None:
        return held
    drafts = scores.filter(platform=platform, attempt=0).order_by("-created_at")
    newest = drafts.values_list("total_score", "gates")[:RECENT_DRAFTS]
    return threshold_from([0.0 if gates else total for total, gates in newest])


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
        "look": judgement.look,
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
        look=row.look,
    )
