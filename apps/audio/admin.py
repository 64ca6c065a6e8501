"""Narrations and mixes, to be listened to."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.audio.models import AudioTrack, JobVoice
from apps.foundation import blobs
from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter


@admin.register(AudioTrack)
class AudioTrackAdmin(ReadOnlyAdmin):
    """Filter by kind, voice and provider; listen in the list."""

    list_display = (
        "when",
        "job",
        "kind",
        "ordinal",
        "voice_id",
        "seconds",
        "lufs",
        "player",
    )
    list_filter = (
        ("kind", RecentValuesFilter),
        ("provider", RecentValuesFilter),
        ("voice_id", RecentValuesFilter),
        "created_at",
    )
    search_fields = search_ids = ("job_id", "script_id")
    search_help_text = "A job's or a script's id, or how it begins"
    readonly_fields = ("player",)
    list_per_page = 25

    @admin.display(ordering="duration_ms")
    def seconds(self, row: AudioTrack) -> str:
        return f"{row.duration_ms / 1000:.2f}"

    @admin.display(description="LUFS", ordering="integrated_lufs")
    def lufs(self, row: AudioTrack) -> str:
        return "" if row.integrated_lufs is None else f"{row.integrated_lufs:.1f}"

    @admin.display(description="Listen")
    def player(self, row: AudioTrack) -> SafeString:
        return format_html(
            '<audio controls preload="none" class="player" src="{}"></audio>', blobs.link(row.storage_url)
        )


@admin.register(JobVoice)
class JobVoiceAdmin(ReadOnlyAdmin):
    """Which provider speaks for a job."""

    list_display = ("when", "job", "provider")
    list_filter = (("provider", RecentValuesFilter), "created_at")
    search_fields = search_ids = ("job_id",)
    search_help_text = "A job's id, or how it begins"
    list_per_page = 50
