"""Webhooks: what is told, to whom, how often, and what its owner sees of it."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from apps.contracts.progress import JobStatus
from apps.gateway import deliveries, signing, tasks, waking
from apps.gateway import interface as gateway
from apps.gateway.models import Job, WebhookDelivery, WebhookEndpoint
from apps.gateway.tests.conftest import BRIEF
from apps.gateway.tests.orchestrating import failure, snapshot
from apps.gateway.tests.receiver import receiver
from apps.orchestrator.signals import job_progressed

pytestmark = pytest.mark.django_db(databases=["gateway"])
HOOKS = "/api/v1/webhooks"


@pytest.fixture(autouse=True)
def _own_network(settings, monkeypatch):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    monkeypatch.setattr(waking, "wake_sender", lambda: None)


@pytest.fixture
def there():
    with receiver() as told:
        yield told


@pytest.fixture
def hook(api, there):
    """A webhook as the API returned it at its creation."""
    return api.post(HOOKS, {"url": there.url}, format="json").json()


def announce(job, status):
    job_progressed.send(sender=None, job_id=UUID(job["id"]), status=status, progress=1.0, stage="")


def complete(orchestrator, job):
    orchestrator.snapshots[UUID(job["id"])] = snapshot(UUID(job["id"]), JobStatus.COMPLETED)
    announce(job, JobStatus.COMPLETED)


def verified(headers, body, secret):
    """Whether one of the signatures is what a receiver computes."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def due_now():
    WebhookDelivery.objects.filter(status="pending").update(next_try_at=timezone.now())


class TestTelling:
    def test_tells_of_a_finished_job_with_a_signature_that_can_be_verified(
        self, api, orchestrator, there, hook, settings
    ):
        settings.PUBLIC_URL = "https://shorts.example/"
        job = api.post("/api/v1/jobs", {**BRIEF, "topic": '<b>"é"</b> \U0001f419'}, format="json").json()
        complete(orchestrator, job)
        assert deliveries.send_due() == 1

        ((headers, body),) = there.got
        message = json.loads(body)
        assert message["type"] == "job.completed"
        assert message["data"]["id"] == job["id"]
        assert message["data"]["topic"] == '<b>"é"</b> \U0001f419'
        assert message["data"]["links"]["video"] == f"https://shorts.example/api/v1/jobs/{job['id']}/video"
        assert verified(headers, body, hook["secret"])
        assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 5
        assert headers["content-type"] == "application/json"

    def test_tells_each_change_once_however_often_it_is_announced(self, orchestrator, hook, job):
        for _ in range(3):
            complete(orchestrator, job)

        assert WebhookDelivery.objects.count() == 1

    def test_tells_everything_that_was_asked_for_and_nothing_else(self, api, orchestrator, there):
        wanted = ["job.accepted", "job.failed", "job.retried"]
        api.post(HOOKS, {"url": there.url, "event_types": wanted}, format="json")
        job = api.post("/api/v1/jobs", BRIEF, format="json").json()
        key = UUID(job["id"])
        announce(job, JobStatus.RUNNING)
        orchestrator.snapshots[key] = snapshot(key, JobStatus.FAILED, failure=failure())
        announce(job, JobStatus.FAILED)
        orchestrator.snapshots[key] = snapshot(key, JobStatus.RUNNING)
        api.post(f"/api/v1/jobs/{job['id']}/retry")
        complete(orchestrator, job)

        told = list(WebhookDelivery.objects.order_by("created_at").values_list("event_type", flat=True))
        assert told == wanted

    @pytest.mark.django_db(databases=["gateway"], transaction=True)
    def test_what_cannot_be_told_is_not_done_either(self, orchestrator, hook, job, monkeypatch):
        def broken(*args):
            raise RuntimeError

        monkeypatch.setattr(deliveries, "_write", broken)
        with pytest.raises(RuntimeError):
            complete(orchestrator, job)

        assert Job.objects.get(id=job["id"]).status == "queued"

    def test_a_webhook_for_a_channel_hears_of_no_other(self, api, orchestrator, there):
        api.post(HOOKS, {"url": there.url, "channels": ["sea life"]}, format="json")
        for channel in ("sea life", "money"):
            job = api.post("/api/v1/jobs", {**BRIEF, "channel": channel}, format="json").json()
            complete(orchestrator, job)
        deliveries.send_due()

        assert [json.loads(body)["data"]["channel"] for _, body in there.got] == ["sea life"]


class TestTrying:
    @pytest.fixture
    def told(self, orchestrator, hook, job):
        complete(orchestrator, job)
        return hook["webhook"]["id"]

    def test_tries_again_later_and_later_under_the_same_id(self, there, told):
        there.answers = [(500, {}, b"no"), (500, {}, b"no"), (204, {}, b"")]
        waits = []
        for _ in range(3):
            due_now()
            before = timezone.now()
            assert deliveries.send_due() == 1
            row = WebhookDelivery.objects.get()
            waits.append((row.next_try_at - before).total_seconds())

        assert (row.status, row.attempts, row.code) == ("delivered", 3, 204)
        assert 5 <= waits[0] < 7
        assert 300 <= waits[1] < 361
        assert len({headers["webhook-id"] for headers, _ in there.got}) == 1
        assert WebhookEndpoint.objects.get().failing_since is None

    def test_waits_as_long_as_the_receiver_asks(self, there, told):
        there.answers = [(429, {"Retry-After": "3600"}, b"")]
        deliveries.send_due()

        assert WebhookDelivery.objects.get().next_try_at > timezone.now() + timedelta(minutes=59)
        assert deliveries.send_due() == 0

    def test_gives_up_after_three_days_and_switches_off(self, there, told):
        there.answers = [(500, {}, b"broken")]
        total = sum(deliveries.SCHEDULE)
        for _ in range(len(deliveries.SCHEDULE) + 1):
            due_now()
            deliveries.send_due()
            WebhookEndpoint.objects.update(failing_since=timezone.now() - timedelta(hours=73))

        hook = gateway.webhook(UUID(told))
        row = gateway.deliveries(UUID(told)).deliveries[0]
        assert 72 * 3600 < total < 80 * 3600
        assert (row.status, row.code, row.response) == ("pending", 500, "broken")
        assert hook.disabled_at is not None
        assert "three days" in hook.disabled_reason

    def test_a_receiver_that_is_gone_is_told_nothing_more(self, api, orchestrator, there, told):
        there.answers = [(410, {}, b"")]
        deliveries.send_due()
        complete(orchestrator, api.post("/api/v1/jobs", BRIEF, format="json").json())

        assert gateway.webhook(UUID(told)).disabled_at is not None
        assert WebhookDelivery.objects.count() == 1

    def test_a_worker_that_dies_over_it_holds_it_up_for_a_minute(self, there, told):
        held = deliveries._claim()
        assert deliveries.send_due() == 0

        WebhookDelivery.objects.filter(id=held.id).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert deliveries.send_due() == 1

    def test_a_slow_receiver_holds_up_nobody_else(self, api, orchestrator, there, told):
        with receiver() as other:
            api.post(HOOKS, {"url": other.url}, format="json")
            complete(orchestrator, api.post("/api/v1/jobs", BRIEF, format="json").json())
            held = deliveries._claim()
            deliveries.send_due()

            assert str(held.endpoint_id) == told
            assert (len(there.got), len(other.got)) == (0, 1)

    def test_an_address_that_turns_private_is_not_sent_to(self, there, told, settings):
        settings.WEBHOOK_ALLOW_PRIVATE = False
        deliveries.send_due()

        row = WebhookDelivery.objects.get()
        assert there.got == []
        assert "private" in row.error

    def test_the_actor_leaves_it_to_others_where_enough_are_at_it(self, there, told, monkeypatch):
        for _ in range(waking.SENDERS):
            tasks._slots.acquire()
        try:
            tasks.send_webhooks()
            assert there.got == []
        finally:
            for _ in range(waking.SENDERS):
                tasks._slots.release()
        tasks.send_webhooks()
        assert len(there.got) == 1

    def test_the_sweep_wakes_a_sender_and_removes_what_is_old(self, there, told, monkeypatch):
        woken = []
        monkeypatch.setattr(waking, "wake_sender", lambda: woken.append(1))
        assert deliveries.sweep() == 1
        deliveries.send_due()
        WebhookDelivery.objects.update(created_at=timezone.now() - timedelta(days=31))

        assert deliveries.sweep() == 0
        assert woken == [1]
        assert not WebhookDelivery.objects.exists()


class TestOwning:
    def test_a_secret_is_shown_once_and_stored_nowhere(self, api, hook):
        columns = str(list(WebhookEndpoint.objects.values()))
        read = api.get(f"{HOOKS}/{hook['webhook']['id']}").content.decode()

        assert hook["secret"].startswith("whsec_")
        assert len(base64.b64decode(hook["secret"][6:])) == 32
        assert hook["secret"][6:] not in columns
        assert "whsec_" not in read

    def test_both_secrets_sign_while_a_receiver_changes_over(self, api, orchestrator, there, hook, job):
        changed = api.post(f"{HOOKS}/{hook['webhook']['id']}/rotate").json()
        complete(orchestrator, job)
        deliveries.send_due()
        WebhookEndpoint.objects.update(old_secret_until=timezone.now() - timedelta(seconds=1))
        api.post(f"{HOOKS}/{hook['webhook']['id']}/ping")
        deliveries.send_due()

        (headers, body), (later, test) = there.got
        assert changed["secret"] != hook["secret"]
        assert verified(headers, body, hook["secret"])
        assert verified(headers, body, changed["secret"])
        assert not verified(later, test, hook["secret"])
        assert verified(later, test, changed["secret"])

    def test_the_installation_s_own_key_changes_without_a_receiver_noticing(self, api, there, hook, settings):
        at = f"{HOOKS}/{hook['webhook']['id']}"
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, "from the year before"]
        settings.SECRET_KEY = "the new one"
        api.post(f"{at}/ping")
        deliveries.send_due()
        changed = api.post(f"{at}/rotate").json()["secret"]
        api.post(f"{at}/ping")
        deliveries.send_due()
        settings.SECRET_KEY_FALLBACKS = []
        api.post(f"{at}/ping")
        deliveries.send_due()

        (first, one), (second, two), (third, three) = there.got
        assert len(first["webhook-signature"].split()) == 3
        assert verified(first, one, hook["secret"])
        assert not verified(first, one, changed)
        assert verified(second, two, hook["secret"])
        assert verified(second, two, changed)
        assert (
            signing.signature(changed, second["webhook-id"], int(second["webhook-timestamp"]), two)
            == second["webhook-signature"].split()[0]
        )
        assert verified(third, three, changed)
        assert not verified(third, three, hook["secret"])

    def test_shows_every_try_and_sends_again_by_hand(self, api, orchestrator, there, hook, job):
        there.answers = [(500, {}, "<script>é".encode()), (200, {}, b"thanks")]
        complete(orchestrator, job)
        deliveries.send_due()
        at = f"{HOOKS}/{hook['webhook']['id']}/deliveries"
        (seen,) = api.get(f"{at}?status=pending").json()["results"]
        again = api.post(f"/api/v1/deliveries/{seen['id']}/replay")
        deliveries.send_due()
        after = api.get(f"/api/v1/deliveries/{seen['id']}").json()

        assert (seen["code"], seen["response"], seen["attempts"]) == (500, "<script>é", 1)
        assert again.status_code == 202
        assert (after["status"], after["response"], after["attempts"]) == ("delivered", "thanks", 2)
        assert [one["code"] for one in after["tries"]] == [500, 200]
        assert there.got[0][0]["webhook-id"] == there.got[1][0]["webhook-id"] == seen["message_id"]
        assert there.got[0][1].decode() == after["payload"]

    def test_sends_again_everything_that_failed(self, api, there, hook):
        for _ in range(3):
            api.post(f"{HOOKS}/{hook['webhook']['id']}/ping")
        WebhookDelivery.objects.update(status="failed")

        assert api.post(f"{HOOKS}/{hook['webhook']['id']}/replay").json() == {"replayed": 3}
        assert deliveries.send_due() == 3

    def test_pages_show_every_delivery_once(self, api, hook):
        for _ in range(5):
            api.post(f"{HOOKS}/{hook['webhook']['id']}/ping")
        at, seen = f"{HOOKS}/{hook['webhook']['id']}/deliveries?limit=2", []
        while at:
            page = api.get(at).json()
            seen += [one["id"] for one in page["results"]]
            at = page["next"]

        assert len(seen) == len(set(seen)) == 5

    def test_can_be_changed_switched_off_and_removed(self, api, orchestrator, there, hook, job):
        at = f"{HOOKS}/{hook['webhook']['id']}"
        changed = api.patch(at, {"description": "n8n", "enabled": False}, format="json").json()
        complete(orchestrator, job)
        on_again = api.patch(at, {"enabled": True}, format="json").json()

        assert (changed["description"], changed["disabled_reason"]) == ("n8n", "It was switched off.")
        assert not WebhookDelivery.objects.exists()
        assert (on_again["disabled_at"], on_again["disabled_reason"]) == (None, "")
        assert api.delete(at).status_code == 204
        assert api.get(at).status_code == 404

    @pytest.mark.parametrize(
        ("body", "code", "field"),
        [
            ({"url": "http://169.254.169.254/latest/meta-data"}, 422, "url"),
            ({"url": "gopher://x"}, 422, "url"),
            ({"url": 7}, 400, "url"),
            ({}, 400, "url"),
            ({"url": "http://127.0.0.1/", "event_types": ["job.eaten"]}, 422, "event_types"),
            ({"url": "http://127.0.0.1/", "channels": [""]}, 400, "channels.0"),
            ({"url": "http://127.0.0.1/", "description": "\x00"}, 422, "description"),
            ({"url": "http://127.0.0.1/", "secret": "mine"}, 400, "secret"),
        ],
    )
    def test_names_what_cannot_be_used(self, api, body, code, field):
        response = api.post(HOOKS, body, format="json")

        assert response.status_code == code
        assert response["Content-Type"] == "application/problem+json"
        assert [error["field"] for error in response.json()["errors"]] == [field]
        assert not WebhookEndpoint.objects.exists()

    def test_refuses_the_inner_network_unless_it_is_wanted(self, api, settings):
        settings.WEBHOOK_ALLOW_PRIVATE = False
        refused = api.post(HOOKS, {"url": "http://127.0.0.1:6379/"}, format="json").json()["errors"][0]

        assert refused["code"] == "private_address"
        assert "WEBHOOK_ALLOW_PRIVATE" in refused["remedy"]
