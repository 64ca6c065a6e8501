"""Curating platforms in the admin."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from apps.contracts.brief import Brief
from apps.contracts.decision import AudienceProfile
from apps.strategy import interface, models

pytestmark = pytest.mark.django_db(databases=["default", "strategy"])

FORM = {
    "name": "TikTok",
    "ideal_length": 25,
    "min_length": 10,
    "max_length": 600,
    "hook_window_seconds": 2.0,
    "loop_weight": 0.3,
    "priority_metrics": "full_watch_rate, shares",
    "safe_box_left": 100,
    "safe_box_top": 200,
    "safe_box_right": 900,
    "safe_box_bottom": 1200,
    "active": "on",
}


@pytest.fixture
def curator(client: Client) -> Client:
    interface.seed()
    client.force_login(User.objects.create_superuser("curator"))
    return client


def change() -> str:
    row = models.PlatformProfile.objects.get(platform="tiktok")
    return reverse("admin:strategy_platformprofile_change", args=[row.id])


def test_the_safe_box_is_edited_as_numbers_and_drawn(curator: Client) -> None:
    answer = curator.post(change(), FORM)

    assert answer.status_code == 302
    profile = interface.platform("tiktok")
    assert (profile.safe_box.left, profile.safe_box.bottom) == (100, 1200)
    assert profile.priority_metrics == ("full_watch_rate", "shares")
    assert "x 100 to 900" in curator.get(change()).content.decode()
    assert interface.seed().kept == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ideal_length": 700}, "must lie between 10 and 600 s"),
        ({"safe_box_right": 200}, "at least 400 wide and 200 high"),
        ({"safe_box_bottom": 4000}, "less than or equal to 1920"),
        ({"loop_weight": 0.9}, "less than or equal to 0.6"),
        ({"priority_metrics": "<b>views</b>"}, "is no metric&#x27;s name"),
    ],
)
def test_wrong_numbers_are_refused_with_the_reason(curator: Client, wrong: dict[str, Any], says: str) -> None:
    answer = curator.post(change(), {**FORM, **wrong})

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_a_run_shows_its_reasons_escaped_and_cannot_be_changed(curator: Client) -> None:
    audience = AudienceProfile(
        key="a",
        name="<script>x</script>",
        attention_span=5.0,
        language_mix={"en": 1.0},
        visual_energy="low",
        emotion_bias=("awe",),
    )
    interface.decide(job_id=uuid4(), brief=Brief(topic="x"), audience=audience)
    row = models.StrategyRun.objects.get()

    page = curator.get(reverse("admin:strategy_strategyrun_change", args=[row.id])).content.decode()

    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
    assert 'name="_save"' not in page
    assert curator.get(reverse("admin:strategy_strategyrun_changelist")).status_code == 200


def test_a_new_platform_starts_from_an_empty_form(curator: Client) -> None:
    assert curator.get(reverse("admin:strategy_platformprofile_add")).status_code == 200
    assert curator.get(reverse("admin:strategy_platformprofile_changelist")).content.count(b"<svg") >= 3
