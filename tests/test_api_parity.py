"""Whatever Studio and the admin let somebody do, the API does too: each address has its calls."""

from django.contrib import admin
from drf_spectacular.generators import SchemaGenerator

from apps.studio.urls import urlpatterns

JOB, BATCH, HOOK = "/jobs/{job_id}", "/batches/{batch_id}", "/webhooks/{webhook_id}"
#: The calls that do what each of Studio's addresses does; a page that polls has what it polls for.
CALLS: dict[str, tuple[str, ...]] = {
    "home": ("POST /jobs", "POST /briefs/check", "POST /uploads", "GET /options", "GET /jobs"),
    "persona-sample": ("GET /personas/{persona_id}/sample",),
    "job": (f"GET {JOB}",),
    "job-row": (f"GET {JOB}",),
    "job-live": (f"GET {JOB}",),
    "job-stream": (f"GET {JOB}/stream",),
    "job-signals": (f"GET {JOB}",),
    "job-rivals": (f"GET {JOB}",),
    "job-events": (f"GET {JOB}/events",),
    "job-sound": (f"GET {JOB}/loudness",),
    "job-media": (f"GET {JOB}", f"GET {JOB}/video"),
    "job-picture": (f"GET {JOB}",),
    "job-cancel": (f"POST {JOB}/cancel",),
    "job-retry": (f"POST {JOB}/retry",),
    "job-revise": (f"POST {JOB}/scenes/{{ordinal}}",),
    "job-performance": (f"GET {JOB}/performance", f"POST {JOB}/performance"),
    "job-publication": (f"GET {JOB}/publication", f"PUT {JOB}/publication", f"DELETE {JOB}/publication"),
    "library": ("GET /jobs",),
    "library-live": ("GET /jobs",),
    "library-order": ("POST /jobs/orders",),
    "library-thumbnail": (f"GET {JOB}/thumbnail",),
    "batch": ("GET /batches", "POST /batches"),
    "batch-template": ("GET /batches/template",),
    "batch-detail": (f"GET {BATCH}", f"GET {BATCH}/rows"),
    "batch-live": (f"GET {BATCH}",),
    "batch-submit": (f"POST {BATCH}/submit",),
    "batch-cancel": (f"POST {BATCH}/cancel",),
    "batch-videos": (f"GET {BATCH}/videos",),
    "batch-manifest": (f"GET {BATCH}/manifest",),
    "insights": (
        "GET /memory/leaderboard",
        "GET /memory/learning-curve",
        "GET /memory/mends",
        "GET /memory/variety",
        "GET /statistics",
    ),
    "insights-performance": (f"POST {JOB}/performance",),
    "insights-preview": ("POST /performance/imports",),
    "insights-import": ("POST /performance/imports",),
    "experiments": ("GET /experiments",),
    "experiments-new": ("POST /experiments",),
    "experiments-detail": ("GET /experiments/{experiment_id}",),
    "experiments-live": ("GET /experiments/{experiment_id}",),
    "keys": ("GET /keys", "POST /keys"),
    "keys-revoke": ("DELETE /keys/{key_id}",),
    "keys-webhook-new": ("POST /webhooks",),
    "keys-webhook": (f"GET {HOOK}", f"PATCH {HOOK}", f"GET {HOOK}/deliveries"),
    "keys-webhook-order": (
        f"POST {HOOK}/ping",
        f"POST {HOOK}/replay",
        f"POST {HOOK}/rotate",
        f"PATCH {HOOK}",
        f"DELETE {HOOK}",
    ),
    "keys-replay": ("POST /deliveries/{delivery_id}/replay",),
}
#: The admin's guarded actions, which are for operators.
ORDERS: dict[str, tuple[str, ...]] = {
    "gateway.job.retry": (f"POST {JOB}/retry",),
    "gateway.job.cancel": (f"POST {JOB}/cancel",),
    "gateway.apikey.revoke": ("DELETE /keys/{key_id}",),
    "orchestrator.pausedprovider.resume": (
        "POST /providers/{kind}/{name}/resume",
        "POST /providers/{kind}/{name}/pause",
    ),
}


def _operations() -> set[str]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}" for path, ways in paths.items() for method in ways
    }


def test_every_address_of_studio_has_its_calls() -> None:
    assert set(CALLS) == {pattern.name for pattern in urlpatterns}
    assert {call for calls in CALLS.values() for call in calls} <= _operations()


def test_every_guarded_action_of_the_admin_has_its_calls() -> None:
    guarded = {
        f"{model._meta.label_lower}.{action}"
        for model, page in admin.site._registry.items()
        for action in page.actions or ()
    }

    assert guarded == set(ORDERS)
    assert {call for calls in ORDERS.values() for call in calls} <= _operations()
