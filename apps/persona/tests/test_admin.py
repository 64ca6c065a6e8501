"""Curating personas in the admin."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from apps.contracts.decision import AudienceProfile
from apps.persona import interface, models

pytestmark = pytest.mark.django_db(databases=["default", "persona", "strategy", "memory"])

CHANGE = "admin:persona_persona_change"
FORM = {
    "name": "Spark",
    "sentence_length": "short",
    "energy_level": "high",
    "vocabulary_level": "simple",
    "caption_style": "bold_pop",
    "voices": "en en-us+f3\nhi = hi+f3",
    "rate": 180,
    "pitch": 60,
    "pitch_range": 70,
    "gain_db": -1.5,
    "made_for": "",
    "sample": "Hello there, friend of the deep sea.",
    "sample_language": "en",
    "active": "on",
}


@pytest.fixture
def curator(client: Client) -> Client:
    interface.seed()
    client.force_login(User.objects.create_superuser("curator"))
    return client


def test_the_voice_is_edited_in_parts_and_kept_as_one_profile(curator: Client) -> None:
    address = reverse(CHANGE, args=["spark"])
    assert "en en-us+f3" in curator.get(address).content.decode()

    assert curator.post(address, FORM).status_code == 302

    voice = interface.persona("spark").voice
    assert voice.voices == {"en": "en-us+f3", "hi": "hi+f3"}
    assert (voice.rate, voice.pitch, voice.pitch_range, voice.gain_db) == (180, 60, 70, -1.5)
    assert interface.seed().kept == 1


def test_the_change_page_lets_them_be_heard(curator: Client) -> None:
    page = curator.get(reverse(CHANGE, args=["spark"])).content.decode()

    sample = reverse("persona-sample", args=["spark"])
    assert f'<audio controls preload="none" src="{sample}" aria-label="Spark speaks">' in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"voices": "hi hi+f3"}, "needs a voice for en"),
        ({"voices": "en ../../etc/passwd"}, "is no voice name"),
        ({"voices": "en --help"}, "is no voice name"),
        ({"voices": "en"}, "Line 1: write a language tag and a voice"),
        ({"rate": 900}, "less than or equal to 240"),
        ({"sample_language": "fr"}, "for which there is no voice"),
        ({"made_for": "Kids!"}, "is no audience key"),
        ({"energy_level": "boundless"}, "Select a valid choice"),
    ],
)
def test_wrong_values_are_refused_with_the_reason(curator: Client, wrong: dict[str, str], says: str) -> None:
    answer = curator.post(reverse(CHANGE, args=["spark"]), {**FORM, **wrong})

    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_a_new_persona_is_added_with_a_hostile_name_escaped(curator: Client) -> None:
    add = reverse("admin:persona_persona_add")
    assert curator.get(add).status_code == 200

    answer = curator.post(add, {**FORM, "id": "loud_one", "name": "<script>x</script>"})

    assert answer.status_code == 302
    page = curator.get(reverse("admin:persona_persona_changelist")).content.decode()
    assert "<script>x" not in page
    assert interface.persona("loud_one").name == "<script>x</script>"


def test_a_used_persona_shows_its_use_and_cannot_be_deleted(curator: Client) -> None:
    audience = AudienceProfile(
        key="a", name="A", attention_span=5.0, language_mix={"en": 1.0}, visual_energy="low", emotion_bias=()
    )
    curator.post(reverse("admin:persona_persona_add"), {**FORM, "id": "mine"})
    interface.choose(job_id=uuid4(), language="en", audience=audience, persona_id="mine")

    curator.post(reverse("admin:persona_persona_delete", args=["mine"]), {"post": "yes"})

    assert models.Persona.objects.filter(id="mine").exists()
    assert curator.get(reverse("admin:persona_personausage_changelist")).status_code == 200
    listed = curator.get(reverse("admin:persona_persona_changelist")).content.decode()
    assert listed.count('title="last on 20') == 1
