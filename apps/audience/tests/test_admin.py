"""Curating audiences in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from apps.audience import interface, models

pytestmark = pytest.mark.django_db(databases=["default", "audience"])

FORM = {
    "name": "Kids",
    "attention_span": 4.5,
    "visual_energy": "high",
    "language_mix": "hi 0.7\nen 0.3",
    "emotion_bias": "Fun, awe",
    "active": "on",
}


@pytest.fixture
def curator(client: Client) -> Client:
    interface.seed()
    client.force_login(User.objects.create_superuser("curator"))
    return client


def change() -> str:
    row = models.AudienceProfile.objects.get(audience_key="kids_india")
    return reverse("admin:audience_audienceprofile_change", args=[row.id])


def test_languages_and_emotions_are_edited_as_words(curator: Client) -> None:
    assert curator.post(change(), FORM).status_code == 302

    profile = interface.profile("kids_india")
    assert profile.language_mix == {"hi": 0.7, "en": 0.3}
    assert profile.emotion_bias == ("fun", "awe")
    assert "hi 70%" in curator.get(reverse("admin:audience_audienceprofile_changelist")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"language_mix": "hi 0.7\nen 0.7"}, "must sum to 1; they sum to 1.4"),
        ({"language_mix": "hi 0.5\nhi 0.5"}, "Each language may appear once"),
        ({"language_mix": "../etc 1"}, "Line 1: write a language tag"),
        ({"language_mix": "hi nan"}, "a share lies between 0 and 1"),
        ({"language_mix": ""}, "must sum to 1"),
        ({"emotion_bias": "<b>"}, "is no word for an emotion"),
        ({"emotion_bias": ""}, "one to six"),
        ({"attention_span": 0.2}, "greater than or equal to 1"),
        ({"visual_energy": "extreme"}, "Select a valid choice"),
    ],
)
def test_wrong_values_are_refused_with_the_reason(curator: Client, wrong: dict[str, str], says: str) -> None:
    answer = curator.post(change(), {**FORM, **wrong})

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_a_key_is_checked_once_and_then_fixed(curator: Client) -> None:
    add = reverse("admin:audience_audienceprofile_add")

    refused = curator.post(add, {**FORM, "audience_key": "New Ones!"})
    added = curator.post(add, {**FORM, "audience_key": "new_ones"})
    curator.post(change(), {**FORM, "audience_key": "renamed"})

    assert "small letters" in refused.content.decode()
    assert added.status_code == 302
    assert {"new_ones", "kids_india"} <= {a.key for a in interface.audiences()}
