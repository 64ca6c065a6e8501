"""Stories in the admin: looked at, never changed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.foundation.admin import LightInline, ReadOnlyAdmin, RecentValuesFilter, short_id
from apps.story.models import StoryRow, StoryScene


class SceneInline(LightInline):
    """The scenes of a story, in order."""

    model = StoryScene
    fields = ("ordinal", "purpose", "start_sec", "end_sec", "narration_text", "visual_prompt", "unsourced")
    readonly_fields = fields
    ordering = ("ordinal",)


@admin.register(StoryRow)
class StoryAdmin(ReadOnlyAdmin):
    """Every story written, newest first."""

    list_display = ("story", "job", "attempt", "total_duration", "scene_count", "when")
    list_filter = (("attempt", RecentValuesFilter), "created_at")
    search_fields = search_ids = ("job_id", "id")
    search_help_text = "A job's or a story's id, or how it begins"
    inlines = (SceneInline,)

    @admin.display(description="story", ordering="id")
    def story(self, row: StoryRow) -> str:
        return short_id(row.id)

    @admin.display(description="scenes")
    def scene_count(self, row: StoryRow) -> int:
        return len(row.scenes.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoryRow]:
        return super().get_queryset(request).prefetch_related("scenes")
