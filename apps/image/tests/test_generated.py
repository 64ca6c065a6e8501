"""Pictures by an image model, over real HTTP."""

import base64
import json
import logging
from uuid import uuid4

import cv2
import numpy as np
import pytest

from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.media import Picture
from apps.contracts.story import Purpose, Scene
from apps.foundation import blobs
from apps.foundation.notices import heard
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.image import downloads, interface
from apps.image.models import Image
from apps.image.providers.generated import Model
from apps.image.tests.media import encoded, scene
from apps.image.tests.serving import Answer, said, serving

pytestmark = pytest.mark.django_db(databases=["image"])

KEY, SECRET = "key-that-nobody-sees", "zanzibar"
PICTURE = encoded(scene(512, 768, ((0.5, 0.4),)), ".png")
ANSWER = said(
    {
        "data": [{"b64_json": base64.b64encode(PICTURE).decode()}],
        "usage": {"input_tokens": 60, "output_tokens": 1500},
    }
)


@pytest.fixture
def model(settings, monkeypatch):
    monkeypatch.setattr(downloads, "PAUSE", 0.01)
    with serving() as server:
        settings.PICTURES = "openai"
        settings.IMAGE_BASE_URL, settings.IMAGE_API_KEY = f"{server.url}/v1", KEY
        settings.IMAGE_MODEL, settings.IMAGE_PRICE_USD = "gpt-image-1", 0.04
        server.answers["/v1/images/generations"] = ANSWER
        yield server


def draw(**changes: object) -> Picture:
    shown = Scene(
        id=uuid4(),
        ordinal=2,
        start_sec=0,
        end_sec=2,
        purpose=Purpose.ESCALATE,
        narration="It has three hearts.",
        visual=f"three hearts; {SECRET}",
    )
    arguments = {
        "job_id": uuid4(),
        "attempt": 1,
        "scene": shown,
        "words": tuple(shown.narration.split()),
        "mood": Mood(emotion="fear", valence=-0.6, arousal=0.7),
        "visual_energy": "medium",
        "frame": FrameSpec(width=180, height=320),
        "safe_box": Box(left=120, top=288, right=888, bottom=1248),
        "seed": 7,
    }
    return interface.draw(**{**arguments, **changes})


def test_a_picture_is_asked_for_with_the_scene_its_mood_and_an_upright_size(model):
    with heard() as told:
        picture = draw()

    (asked,) = model.asked
    body = json.loads(asked.body)
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert {**body, "prompt": ""} == {"model": "gpt-image-1", "prompt": "", "n": 1, "size": "1024x1536"}
    assert all(word in body["prompt"] for word in ("three hearts", SECRET, "fear", "No text"))
    (usage,) = told
    assert usage.facts["tokens_in"] == 60
    assert usage.facts["tokens_out"] == 1500
    assert usage.facts["cost_usd"] == 0.04
    pixels = cv2.imdecode(np.frombuffer(blobs.read_bytes(picture.layers[0].key), np.uint8), 1)
    assert pixels.shape == (358, 202, 3)
    assert picture.style == "photo"


def test_a_picture_behind_an_address_is_fetched_without_the_key(model):
    model.answers["/v1/images/generations"] = said({"data": [{"url": f"{model.url}/made.png"}]})
    model.answers["/made.png"] = Answer(PICTURE, kind="image/png")

    assert draw().layers
    assert "authorization" not in model.asked_for("/made.png")[0].headers


def test_another_variation_is_seen_from_elsewhere(model):
    draw()
    draw(variation=1)

    prompts = [json.loads(asked.body)["prompt"] for asked in model.asked]
    assert prompts[0] != prompts[1]


def test_the_same_scene_is_paid_for_once(model):
    job = uuid4()
    first = draw(job_id=job)

    assert draw(job_id=job, attempt=2, seconds=9.0, language="fr").layers == first.layers
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    ("bad", "error", "words", "calls"),
    [
        (said({"error": {"code": "content_policy_violation"}}, status=400), UnableToProvide, "Reword", 1),
        (
            said({"error": {"code": "moderation_blocked", "message": SECRET}}, status=400),
            UnableToProvide,
            "Reword",
            1,
        ),
        (said({"error": {"code": "invalid_api_key"}}, status=401), UnableToProvide, "IMAGE_API_KEY", 1),
        (said({"error": {"message": SECRET}}, status=404), UnableToProvide, "IMAGE_MODEL", 1),
        (said({"error": {"code": "insufficient_quota"}}, status=403), UnableToProvide, "used up", 1),
        (Answer(status=503), ProviderUnavailable, "503", 3),
        (Answer(b"<html>", kind="text/html"), ProviderUnavailable, "JSON", 3),
        (Answer(ANSWER.body[:500], cut=True), ProviderUnavailable, "connection", 3),
        (said({"data": []}), ProviderUnavailable, "none in the answer", 1),
        (said({"data": [{"b64_json": "####"}]}), ProviderUnavailable, "cannot be used", 1),
        (
            said({"data": [{"b64_json": base64.b64encode(b"<html>").decode()}]}),
            ProviderUnavailable,
            "used",
            1,
        ),
        (said({"data": [{"url": "file:///etc/passwd"}]}), ProviderUnavailable, "address", 1),
        (said({"data": [{"url": "https://127.0.0.1:9/x.png"}]}), ProviderUnavailable, "connection", 1),
    ],
)
def test_bad_luck_is_named_without_prompt_or_key(model, bad, error, words, calls):
    model.answers["/v1/images/generations"] = bad

    with pytest.raises(error, match=words) as raised:
        draw()

    assert SECRET not in str(raised.value)
    assert KEY not in str(raised.value)
    assert len(model.asked) == calls


def test_a_busy_model_is_asked_again(model):
    model.answers["/v1/images/generations"] = [Answer(status=429, headers={"Retry-After": "0"}), ANSWER]

    assert draw().layers


def test_a_used_up_account_is_no_reason_to_wait(model):
    spent = said({"error": {"code": "insufficient_quota"}}, status=429)
    model.answers["/v1/images/generations"] = spent

    with pytest.raises(UnableToProvide, match="used up"):
        draw()


def test_neither_key_nor_prompt_is_logged_or_recorded(model, caplog):
    caplog.set_level(logging.DEBUG)
    draw()

    assert KEY not in caplog.text + repr(Model(key=KEY))
    assert SECRET not in caplog.text
    assert SECRET not in str(list(Image.objects.using("image").values()))


@pytest.mark.parametrize(
    ("name", "size", "asked"),
    [
        ("gpt-image-1", "", "1024x1536"),
        ("dall-e-3", "", "1024x1792"),
        ("flux-schnell", "", "1024x1536"),
        ("flux-schnell", "768x1344", "768x1344"),
    ],
)
def test_the_size_suits_the_model(name, size, asked):
    assert Model(name=name, size=size).pixels == asked
