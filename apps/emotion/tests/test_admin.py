"""Curating curves in the admin."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from apps.emotion import interface, models

pytestmark = pytest.mark.django_db(databases=["default", "emotion", "strategy", "memory"])

LIST = "admin:emotion_emotioncurve_changelist"
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture
def curator(client: Client) -> Iterator[Client]:
    interface.seed()
    client.force_login(User.objects.create_superuser("curator"))
    return client


def change(row: models.EmotionCurve) -> str:
    return reverse("admin:emotion_emotioncurve_change", args=[row.id])


def test_the_list_draws_every_curve(curator: Client) -> None:
    page = curator.get(reverse(LIST)).content.decode()

    assert page.count("<polyline") == 2 * models.EmotionCurve.objects.count()


def test_a_curve_is_written_as_lines_and_drawn_with_its_emotions(curator: Client) -> None:
    row = models.EmotionCurve.objects.get(name="icarus")
    form = {
        "description": "Shorter",
        "timeline": "0 curiosity\r\n4.5s Joy\r\n9 nostalgia\r\n",
        "active": "on",
    }

    answer = curator.post(change(row), form)

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.timeline == [
        {"sec": 0, "emotion": "curiosity"},
        {"sec": 4.5, "emotion": "joy"},
        {"sec": 9, "emotion": "nostalgia"},
    ]
    page = curator.get(change(row)).content.decode()
    assert "data-curve-editor" in page
    assert "4.5   joy" in page
    assert interface.seed().kept == 1


def test_a_timeline_may_be_pasted_as_json(curator: Client) -> None:
    row = models.EmotionCurve.objects.get(name="icarus")

    curator.post(change(row), {"timeline": '[{"sec": 0, "emotion": "joy"}, {"sec": 8, "emotion": "awe"}]'})

    row.refresh_from_db()
    assert row.timeline == [{"sec": 0, "emotion": "joy"}, {"sec": 8, "emotion": "awe"}]


def test_whoever_may_not_edit_a_curve_sees_it_drawn(client: Client) -> None:
    interface.seed()
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_emotioncurve"))
    client.force_login(viewer)
    row = models.EmotionCurve.objects.get(name="icarus")

    page = client.get(change(row)).content.decode()

    assert "data-curve-editor" not in page
    assert "nostalgia 30s</text>" in page


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('[{"sec": 0, "emotion": "joy"}', "begins like JSON but is none"),
        ('[{"sec": 0}, 7]', "must have exactly sec and emotion"),
        ("0 joy\n5 bliss", "is no known emotion. Use one of: anger"),
        ("0 joy\nsoon awe", "Line 2: &#x27;soon&#x27; is no number of seconds"),
        ("0 joy\n5", "Line 2: write a second and an emotion"),
        ("3 joy\n5 awe", "first point must be at second 0"),
        ("0 joy\n9 awe\n5 calm", "Point 3 is at second 5, not after 9"),
        ("", "2 to 24 points"),
        ("0 joy\ninf awe", "must be"),
        (f"0 joy\n5 {HOSTILE}", "write a second and an emotion"),
    ],
)
def test_a_broken_timeline_is_refused_with_the_reason(curator: Client, lines: str, says: str) -> None:
    row = models.EmotionCurve.objects.get(name="icarus")
    before = row.timeline

    answer = curator.post(change(row), {"timeline": lines, "active": "on"})

    assert answer.status_code == 200
    assert says in answer.content.decode()
    row.refresh_from_db()
    assert row.timeline == before


def test_a_hostile_name_is_escaped_everywhere(curator: Client) -> None:
    row = models.EmotionCurve.objects.create(
        name=HOSTILE, timeline=[{"sec": 0, "emotion": "joy"}, {"sec": 5, "emotion": "awe"}]
    )

    pages = [curator.get(address).content.decode() for address in (reverse(LIST), change(row))]

    assert all("<img src=x" not in page for page in pages)


def test_a_row_broken_by_hand_is_shown_rather_than_crashing(curator: Client) -> None:
    row = models.EmotionCurve.objects.create(name="bent", timeline=[{"sec": 5}])

    assert "breaks a rule" in curator.get(reverse(LIST)).content.decode()
    assert curator.get(change(row)).status_code == 200


def test_a_new_curve_starts_from_an_empty_form(curator: Client) -> None:
    assert curator.get(reverse("admin:emotion_emotioncurve_add")).status_code == 200


def test_catalogue_curves_cannot_be_deleted_and_runs_only_looked_at(curator: Client) -> None:
    row = models.EmotionCurve.objects.get(name="icarus")

    deleted = curator.post(reverse("admin:emotion_emotioncurve_delete", args=[row.id]), {"post": "yes"})

    assert deleted.status_code == 403
    assert curator.get(reverse("admin:emotion_emotioncurverun_add")).status_code == 403
