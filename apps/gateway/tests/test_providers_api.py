"""Providers over the API: seen by whoever sees jobs, put to rest and asked again by whoever may."""

import pytest
from rest_framework.test import APIClient

from apps.foundation.providers import ProviderPaused
from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import waking
from apps.orchestrator.models import PausedProvider

pytestmark = pytest.mark.django_db(databases=["gateway", "orchestrator"], transaction=True)
PROVIDERS = "/api/v1/providers"
WHY = {"reason": "The month's quota is spent."}


@pytest.fixture(autouse=True)
def _nobody_is_woken(monkeypatch):
    monkeypatch.setattr(waking, "wake", lambda wakes: None)


def client(**rights):
    http = APIClient()
    http.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('quota watch', **rights).key}")
    return http


class TestLooking:
    def test_those_that_are_asked_come_first_in_their_order(self, api, settings):
        settings.PICTURES = "pexels,drawn"
        found = api.get(PROVIDERS).json()["results"]

        assert list(dict.fromkeys(one["kind"] for one in found)) == ["writer", "pictures", "voice", "music"]
        pictures = [(one["name"], one["place"]) for one in found if one["kind"] == "pictures"]
        assert pictures[:2] == [("pexels", 1), ("drawn", 2)]
        assert {place for _, place in pictures[2:]} == {0}

    def test_what_has_not_changed_is_not_sent_again(self, api):
        address = f"{PROVIDERS}/voice/espeak"
        etag = api.get(address)["ETag"]

        assert api.get(address, headers={"If-None-Match": etag}).status_code == 304
        api.post(f"{address}/pause", WHY, format="json")
        assert api.get(address, headers={"If-None-Match": etag}).status_code == 200


class TestPausing:
    def test_a_provider_rests_from_its_pause_to_its_resumption_and_both_are_on_record(self):
        http = client(scopes=["jobs:read", "providers:admin"])
        paused = http.post(f"{PROVIDERS}/pictures/pexels/pause", WHY, format="json")

        assert paused.status_code == 200
        assert paused.json()["pause"]["reason"] == WHY["reason"]
        assert paused.json() == http.get(f"{PROVIDERS}/pictures/pexels").json()
        assert [pause.name for pause in orchestrator.pauses()] == ["pexels"]
        assert http.post(f"{PROVIDERS}/pictures/pexels/resume").json()["pause"] is None
        row = PausedProvider.objects.get()
        assert (row.paused_by, row.resumed_by) == ("API key quota watch",) * 2

    def test_twice_is_refused_and_changes_nothing(self, api):
        address = f"{PROVIDERS}/music/composed"
        assert api.post(f"{address}/resume").status_code == 409
        api.post(f"{address}/pause", WHY, format="json")
        again = api.post(f"{address}/pause", {"reason": "another"}, format="json")

        assert (again.status_code, again.json()["type"]) == (409, "urn:hookloop:problem:already-paused")
        assert api.get(address).json()["pause"]["reason"] == WHY["reason"]

    @pytest.mark.parametrize(
        ("place", "body", "code"),
        [
            ("pictures/nobody", WHY, 404),
            ("colours/drawn", WHY, 404),
            ("pictures/espeak", WHY, 404),
            ("pictures/drawn", {}, 400),
            ("pictures/drawn", {"reason": " "}, 400),
            ("pictures/drawn", {"reason": "a\x00b"}, 400),
            ("pictures/drawn", {"reason": "x" * 301}, 400),
            ("pictures/drawn", {**WHY, "until": "tomorrow"}, 400),
            ("pictures/drawn", [WHY], 400),
        ],
    )
    def test_refuses_what_cannot_be(self, api, place, body, code):
        answer = api.post(f"{PROVIDERS}/{place}/pause", body, format="json")

        assert (answer.status_code, answer["Content-Type"]) == (code, "application/problem+json")
        assert orchestrator.pauses() == ()

    @pytest.mark.parametrize("order", ["pause", "resume"])
    def test_it_takes_a_scope_of_its_own_and_a_key_for_every_channel(self, order):
        rights = [
            {"scopes": ["jobs:read", "jobs:write", "keys:admin"]},
            {"scopes": ["providers:admin"], "channels": ["sea life"]},
        ]
        for right in rights:
            answer = client(**right).post(f"{PROVIDERS}/pictures/drawn/{order}", WHY, format="json")
            assert answer.status_code == 403
        assert not PausedProvider.objects.exists()


class TestSamples:
    def test_a_persona_is_silent_while_every_voice_rests(self, api, monkeypatch):
        def silent(persona_id):
            raise ProviderPaused("espeak: paused by an operator.")

        monkeypatch.setattr(orchestrator, "speak_sample", silent)
        answer = api.get("/api/v1/personas/sharp_friend/sample")

        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert "espeak: paused by an operator." in answer.json()["detail"]
