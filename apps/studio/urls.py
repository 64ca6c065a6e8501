"""Addresses of the pages."""

from django.urls import path

from apps.studio import batch, edits, insights, job_pages, library, settings_pages, views

app_name = "studio"
urlpatterns = [
    path("", views.home, name="home"),
    path("personas/<str:persona_id>/sample", views.persona_sample, name="persona-sample"),
    path("jobs/<uuid:job_id>", job_pages.job, name="job"),
    path("jobs/<uuid:job_id>/row", job_pages.row, name="job-row"),
    path("jobs/<uuid:job_id>/live", job_pages.live, name="job-live"),
    path("jobs/<uuid:job_id>/stream", job_pages.stream, name="job-stream"),
    path("jobs/<uuid:job_id>/signals/<int:attempt>", job_pages.signals, name="job-signals"),
    path("jobs/<uuid:job_id>/rivals/<str:name>", job_pages.rivals, name="job-rivals"),
    path("jobs/<uuid:job_id>/events", job_pages.events, name="job-events"),
    path("jobs/<uuid:job_id>/sound/<str:mark>", job_pages.heard, name="job-sound"),
    path("jobs/<uuid:job_id>/media/<str:name>/<str:mark>", job_pages.media, name="job-media"),
    path("jobs/<uuid:job_id>/pictures/<int:ordinal>/<str:mark>", job_pages.picture, name="job-picture"),
    path("jobs/<uuid:job_id>/cancel", job_pages.cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/retry", job_pages.retry, name="job-retry"),
    path("jobs/<uuid:job_id>/scenes/<int:ordinal>", edits.revise, name="job-revise"),
    path("jobs/<uuid:job_id>/performance", edits.performance, name="job-performance"),
    path("library", library.library, name="library"),
    path("library/live", library.live, name="library-live"),
    path("library/order", library.order, name="library-order"),
    path("library/thumbnails/<uuid:job_id>/<str:mark>", library.thumbnail, name="library-thumbnail"),
    path("batches", batch.batch, name="batch"),
    path("batches/template.csv", batch.template, name="batch-template"),
    path("batches/<uuid:batch_id>", batch.detail, name="batch-detail"),
    path("batches/<uuid:batch_id>/live", batch.live, name="batch-live"),
    path("batches/<uuid:batch_id>/submit", batch.submit, name="batch-submit"),
    path("batches/<uuid:batch_id>/cancel", batch.cancel, name="batch-cancel"),
    path("batches/<uuid:batch_id>/videos.zip", batch.videos, name="batch-videos"),
    path("batches/<uuid:batch_id>/manifest.<str:form>", batch.manifest, name="batch-manifest"),
    path("insights", insights.insights, name="insights"),
    path("insights/performance", insights.performance, name="insights-performance"),
    path("insights/performance/preview", insights.preview, name="insights-preview"),
    path("insights/performance/import", insights.take_over, name="insights-import"),
    path("keys", settings_pages.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke", settings_pages.revoke_key, name="keys-revoke"),
    path("keys/webhooks", settings_pages.new_webhook, name="keys-webhook-new"),
    path("keys/webhooks/<uuid:webhook_id>", settings_pages.webhook, name="keys-webhook"),
    path(
        "keys/webhooks/<uuid:webhook_id>/<str:action>",
        settings_pages.order_webhook,
        name="keys-webhook-order",
    ),
    path("keys/deliveries/<uuid:delivery_id>/replay", settings_pages.replay, name="keys-replay"),
]
