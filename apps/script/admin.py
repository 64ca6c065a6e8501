"""Scripts in the admin: looked at, never changed."""

from django.contrib import admin

from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter, short_id
from apps.script.models import ScriptRow


@admin.register(ScriptRow)
class ScriptAdmin(ReadOnlyAdmin):
    """Every script, newest first."""

    list_display = ("script", "job", "attempt", "language", "opening", "when")
    list_filter = (("language", RecentValuesFilter), ("attempt", RecentValuesFilter), "created_at")
    search_fields = search_ids = ("job_id", "story_id")
    search_help_text = "A job's or a story's id, or how it begins"
    fields = ("job_id", "story_id", "attempt", "language", "full_script", "spoken", "created_at")

    @admin.display(description="script", ordering="id")
    def script(self, row: ScriptRow) -> str:
        return short_id(row.id)

    @admin.display(description="opening")
    def opening(self, row: ScriptRow) -> str:
        return row.full_script.partition("\n")[0]

    @admin.display(description="as spoken")
    def spoken(self, row: ScriptRow) -> str:
        return "\n".join(" ".join(word["spoken"] for word in line["words"]) for line in row.lines)
