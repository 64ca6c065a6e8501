"""The strategy door on a real database: seeding, problems, decisions kept."""

from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.codec import from_json
from apps.contracts.decision import AudienceProfile, HookType, Strategy
from apps.strategy import interface, models

pytestmark = pytest.mark.django_db(databases=["strategy"])

AUDIENCE = AudienceProfile(
    key="genz_us",
    name="Gen Z in the US",
    attention_span=4.0,
    language_mix={"en": 1.0},
    visual_energy="high",
    emotion_bias=("surprise", "curiosity"),
)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    interface.seed()


def test_seeding_twice_changes_nothing() -> None:
    before = list(models.PlatformProfile.objects.values())

    report = interface.seed()

    assert (report.added, report.updated, report.kept) == (0, 0, 0)
    assert report.unchanged == len(before) >= 3
    assert list(models.PlatformProfile.objects.values()) == before


def test_an_edited_platform_survives_a_new_seed() -> None:
    models.PlatformProfile.objects.filter(platform="tiktok").update(ideal_length=33)

    report = interface.seed()

    assert report.kept == 1
    assert interface.platform("tiktok").ideal_length == 33


def test_every_problem_names_field_reason_and_remedy() -> None:
    brief = Brief(topic="x", platform="vine\x00", hook_type="shout")

    platform, hook = interface.problems_with(brief)

    assert (platform.field, platform.code) == ("platform", "unknown_platform")
    assert all(known in platform.remedy for known in ("youtube_shorts", "instagram_reels", "tiktok"))
    assert (hook.field, hook.code) == ("hook_type", "unknown_hook_type")
    assert "question" in hook.remedy


@pytest.mark.parametrize("duration", [9, 91, -5])
def test_a_duration_out_of_bounds_names_the_bounds(duration: int) -> None:
    (problem,) = interface.problems_with(Brief(topic="x", platform="instagram_reels", duration=duration))

    assert problem.field == "duration"
    assert "10 to 90" in problem.reason
    assert "10 to 90" in problem.remedy


def test_a_good_brief_has_no_problems() -> None:
    assert interface.problems_with(Brief(topic="x", duration=25, hook_type="stakes")) == ()


def test_a_platform_switched_off_is_refused_but_still_readable() -> None:
    models.PlatformProfile.objects.filter(platform="tiktok").update(active=False)

    (problem,) = interface.problems_with(Brief(topic="x", platform="tiktok"))

    assert problem.code == "unknown_platform"
    assert interface.platform("tiktok").name == "TikTok"


def test_an_unknown_platform_names_those_there_are() -> None:
    with pytest.raises(interface.UnknownPlatform, match="youtube_shorts"):
        interface.platform("vine\x00")


def test_deciding_twice_keeps_one_run_that_reads_back_equal_and_without_the_brief() -> None:
    job_id, canary = uuid4(), "zebracanary"
    brief = Brief(topic=canary, facts=(f"{canary} has two hearts.",) * 5, hook_type="number", duration=24)

    strategy = interface.decide(job_id=job_id, brief=brief, audience=AUDIENCE)
    again = interface.decide(job_id=job_id, brief=brief, audience=AUDIENCE)

    (run,) = models.StrategyRun.objects.filter(job_id=job_id)
    assert from_json(Strategy, run.strategy_output) == strategy == again
    assert (strategy.length_seconds, strategy.hook_types[0]) == (24, HookType.NUMBER)
    assert canary not in str(run.strategy_output)
