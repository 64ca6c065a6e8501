"""Narrations and mixes, to be listened to."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.audio.models import AudioTrack
from apps.foundation import blobs
from apps.foundation.admin import ReadOnlyAdmin, short_id


@admin.register(AudioTrack)
class AudioTrackAdmin(ReadOnlyAdmin):
    """Filter by kind, voice and provider; listen in the list."""

    list_display = (
        "created_at",
        "job",
        "attempt",
        "kind",
        "ordinal",
        "voice_id",
        "seconds",
        "lufs",
        "player",
    )
    list_filter = ("kind", "provider", "voice_id", "created_at")
    search_fields = ("=job_id", "=script_id")
    list_per_page = 25

    @admin.display(ordering="job_id")
    def job(self, row: AudioTrack) -> SafeString:
        return short_id(row.job_id)

    @admin.display(ordering="duration_ms")
    def seconds(self, row: AudioTrack) -> str:
        return f"{row.duration_ms / 1000:.2f}"

    @admin.display(description="LUFS", ordering="integrated_lufs")
    def lufs(self, row: AudioTrack) -> str:
        return "" if row.integrated_lufs is None else f"{row.integrated_lufs:.1f}"

    @admin.display(description="Listen")
    def player(self, row: AudioTrack) -> SafeString:
        return format_html('<audio controls preload="none" src="{}"></audio>', blobs.link(row.storage_url))
