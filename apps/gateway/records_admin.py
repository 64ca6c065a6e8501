"""What the gateway keeps beside jobs and keys, to look at: batches, publications, experiments, webhooks."""

from django.contrib import admin

from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter
from apps.gateway.models import Batch, Experiment, Publication, WebhookDelivery, WebhookEndpoint


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Files of briefs that came in as one."""

    lead = "Briefs that came in together, from Studio's Batch page or over the API."
    search_ids = ("id",)
    list_display = ("name", "good", "total", "created_at")


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """Where a short was published: what an export's rows are matched by."""

    lead = "Under which id a platform knows a short; numbers in its exports find their job by it."
    list_display = ("external_id", "platform", "job", "created_at")
    list_filter = (("platform", RecentValuesFilter),)


@admin.register(Experiment)
class ExperimentAdmin(ReadOnlyAdmin):
    """Shorts that differ in one choice."""

    small = True
    lead = "Variants of one brief that differ in one choice. Studio and the API tell what came of them."
    search_ids = ("id",)
    list_display = ("factor", "platform", "channel", "created_at")
    list_filter = ("factor", "platform")


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    """Who is told of what; made and changed in Studio and over the API."""

    small = True
    lead = "Who is told when a job ends. Made, changed and replayed in Studio under Keys and webhooks."
    search_ids = ("id",)
    list_display = ("url", "description", "disabled_reason", "created_at")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    """What was told, and how that went."""

    lead = "Every message to a webhook, with what came back."
    list_display = ("event_type", "endpoint", "status", "attempts", "code", "created_at")
    list_filter = ("status", ("event_type", RecentValuesFilter))
