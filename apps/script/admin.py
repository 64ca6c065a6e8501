"""Scripts in the admin: looked at, never changed."""

from django.contrib import admin

from apps.foundation.admin import ReadOnlyAdmin, short_id
from apps.script.models import ScriptRow


@admin.register(ScriptRow)
class ScriptAdmin(ReadOnlyAdmin):
    """Every script, newest first."""

    list_display = ("script", "job", "attempt", "language", "opening", "created_at")
    list_filter = ("language", "attempt", "created_at")
    search_fields = ("^job_id", "^story_id")
    fields = ("id", "job_id", "story_id", "attempt", "language", "full_script", "spoken", "created_at")
    list_per_page = 50

    @admin.display(description="script", ordering="id")
    def script(self, row: ScriptRow) -> str:
        return short_id(row.id)

    @admin.display(description="job", ordering="job_id")
    def job(self, row: ScriptRow) -> str:
        return short_id(row.job_id)

    @admin.display(description="opening")
    def opening(self, row: ScriptRow) -> str:
        return row.full_script.partition("\n")[0]

    @admin.display(description="as spoken")
    def spoken(self, row: ScriptRow) -> str:
        return "\n".join(" ".join(word["spoken"] for word in line["words"]) for line in row.lines)
