"""Admin bases: records of fact are looked at, never changed, however many there are.

Django's own pages bring jQuery and XRegExp (250 kB) for widgets that none of ours uses; these bring neither.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from types import new_class
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.core.paginator import Paginator
from django.db.models import (
    Field,
    FloatField,
    Index,
    IntegerField,
    JSONField,
    Model,
    Q,
    QuerySet,
    Subquery,
    UniqueConstraint,
)
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: Rows counted at most; counting a million takes longer than anybody pages through them.
COUNT_LIMIT = 5_000
#: Uses of a curated row that are counted; a list of ten such rows looks at 100,000 index entries at most.
USES_LIMIT = 10_000
#: Newest rows whose values a filter offers; DISTINCT over a whole table reads all of it.
RECENT_ROWS = 2_000
#: Hexadecimal digits of an id, and the fewest that a search takes for the beginning of one.
ID_DIGITS, ID_DIGITS_LEAST = 32, 4

Shown = Callable[[Any], object]


class BoundedPaginator(Paginator):
    """Counts COUNT_LIMIT rows at most; what lies beyond is found by filters and search."""

    @cached_property
    def count(self) -> int:
        """Rows, or COUNT_LIMIT where there are more."""
        rows: Any = self.object_list
        count: int = rows.order_by()[:COUNT_LIMIT].count()  # any will do: none has to be put in order
        return count

    @property
    def told(self) -> str:
        """How many rows there are, in words."""
        return bounded(self.count, COUNT_LIMIT)


class BoundedCount(Subquery):
    """How many rows a subquery has, as a column; give it a slice, so that it counts no further."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def bounded(count: int, limit: int) -> str:
    """A count that went no further than `limit`."""
    return f"{count:,}+" if count >= limit else f"{count:,}"


class RecentValuesFilter(admin.AllValuesFieldListFilter):
    """A filter that offers the values of the newest rows."""

    def __init__(
        self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model._default_manager.order_by("-created_at").values_list(field.name, flat=True)
        self.lookup_choices: Any = sorted(set(newest[:RECENT_ROWS]) - {None})


class Unpunctuated:
    """Goes before a form: its labels end without a colon."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **given})


class LightAdmin(admin.ModelAdmin):
    """A ModelAdmin whose pages load Django's list actions and its own `Media`, and nothing else.

    `heading` and `lead` stand above its list. Rows are deleted one by one, never many at once.
    """

    heading = lead = ""

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **given: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **given)
        return new_class(form.__name__, (Unpunctuated, form))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        kept = super().get_actions(request)
        kept.pop("delete_selected", None)
        return kept

    @property
    def media(self) -> forms.Media:
        own = getattr(type(self), "Media", None)
        return forms.Media(js=["admin/js/actions.js"]) + (forms.Media(media=own) if own else forms.Media())


class LightInline(admin.TabularInline):
    """Rows under a row, to look at: no add, change or delete, and no script."""

    extra = 0
    can_delete = False
    media = forms.Media()

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class CuratedAdmin(LightAdmin):
    """Rows that people curate. What came with a catalogue would come back with the next seed: it is switched
    off instead of deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.catalog_digest)

    @admin.display(description="made", ordering="created_at")
    def made(self, row: Any) -> SafeString:
        return moment(row.created_at)


class ReadOnlyAdmin(LightAdmin):
    """Lists, filters and shows; no add, change or delete. JSON is laid out, and a job's id leads to the job.

    `search_ids` names the UUID columns that the search box looks at: a whole id or how it begins,
    answered by an index. What else is in `search_fields` is searched for as text; with `=` before its name it
    must be the whole text, which an index answers too.
    """

    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    #: Whether the table stays small, so that any column may put its list in order.
    small = False
    search_ids: tuple[str, ...] = ("job_id",)
    search_help_text = "A job's id, or how it begins"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        names = self.fields or [f.name for f in self.opts.concrete_fields if not f.primary_key]
        kept = [name for name in names if name not in (self.exclude or ())]
        extra = [name for name in super().get_readonly_fields(request, obj) if name not in kept]
        return [*extra, *(self._readable(name) for name in kept)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return self.get_fields(request, obj)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        wanted = Q()
        if span := id_span(term):
            wanted = Q(*((f"{name}__range", span) for name in self.search_ids), _connector=Q.OR)
        for name in self.search_fields:
            whole = Q((name[1:], term)) if name.startswith("=") else Q((f"{name}__icontains", term))
            wanted |= Q() if name in self.search_ids else whole
        return queryset.filter(wanted) if wanted else queryset.none(), False

    def get_sortable_by(self, request: HttpRequest) -> list[Any]:
        """Columns that an index puts in order; by any other a list of a million rows comes too late."""
        if self.small:
            return list(super().get_sortable_by(request))
        ordered = indexed_first(self.model)
        return [name for name in super().get_sortable_by(request) if self._column_of(name) in ordered]

    def _column_of(self, name: Any) -> str:
        shown = getattr(self, name, None) if isinstance(name, str) else name
        return str(getattr(shown, "admin_order_field", name)).removeprefix("-")

    @admin.display(description="created", ordering="created_at")
    def when(self, row: Any) -> SafeString:
        return moment(row.created_at)

    @admin.display(description="job", ordering="job_id")
    def job(self, row: Any) -> SafeString:
        return job_link(row.job_id)

    def _readable(self, name: Any) -> Any:
        fields = {field.name: field for field in self.opts.concrete_fields}
        return _shown(fields[name]) if name in fields else name


def indexed_first(model: type[Model]) -> set[str]:
    """The fields of a model that stand first in one of its indexes or unique constraints."""
    meta = model._meta
    alone = {
        f.name for f in meta.concrete_fields if f.primary_key or f.unique or getattr(f, "db_index", False)
    }
    several: list[Index | UniqueConstraint] = [c for c in meta.constraints if isinstance(c, UniqueConstraint)]
    several += [i for i in meta.indexes if type(i) is Index]  # no other kind of index keeps an order
    first = {one.fields[0].removeprefix("-") for one in several if one.fields and one.condition is None}
    return alone | first | {"pk"}


def confirmed(request: HttpRequest) -> bool:
    """Whether the person has seen what an action does and still wants it."""
    return request.POST.get("confirmed") == "yes"


def ask_first(
    page: admin.ModelAdmin,
    request: HttpRequest,
    rows: "QuerySet[Any]",
    *,
    action: str,
    question: str,
    says: str,
) -> HttpResponse:
    """The page that asks before an action is carried out: what, on which rows, and what will happen."""
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": question,
        "says": says,
        "rows": [(row.pk, page.named(row) if hasattr(page, "named") else row) for row in rows],
        "action": action,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/ask_first.html", context)


def badge(word: str, kind: str = "") -> SafeString:
    """A word with a coloured ground; `kind` is good, bad, busy, or empty for a plain one."""
    return format_html('<span class="badge {}">{}</span>', kind, word)


def bar(share: float, words: str = "") -> SafeString:
    """A share in [0, 1] as a bar, with words beside it."""
    return format_html(
        '<span class="share"><progress max="100" value="{}" aria-hidden="true"></progress>{}</span>',
        round(100 * share),
        words or f"{share:.0%}",
    )


def table(head: Sequence[str], rows: "Sequence[Sequence[object]]") -> SafeString:
    """A small table; every cell is escaped unless it is safe already."""
    top = format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((c,) for c in row)),) for row in rows)
    )
    return format_html(
        '<div class="scrolled" tabindex="0" role="group"><table class="plain"><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        top,
        body,
    )


def id_span(term: str) -> tuple[UUID, UUID] | None:
    """The first and the last id that begin with `term`; None where no id does."""
    digits = term.replace("-", "").lower()
    if not ID_DIGITS_LEAST <= len(digits) <= ID_DIGITS or set(digits) - set("0123456789abcdef"):
        return None
    return UUID(digits.ljust(ID_DIGITS, "0")), UUID(digits.ljust(ID_DIGITS, "f"))


def short_id(value: object) -> SafeString:
    """The first eight characters of an id, the whole of it on hover."""
    return format_html('<code title="{}">{}</code>', value, str(value)[:8])


def job_link(job_id: object) -> SafeString:
    """A job's short id, leading to its page where there is one."""
    try:
        address = reverse("studio:job", args=[job_id])
    except NoReverseMatch:
        return short_id(job_id)
    return format_html('<a href="{}">{}</a>', address, short_id(job_id))


def moment(at: datetime | None) -> SafeString:
    """A time to the second, in one line."""
    if at is None:
        return SafeString("–")
    return format_html('<span class="moment">{}</span>', f"{at:%Y-%m-%d %H:%M:%S}")


def laid_out(value: Any) -> SafeString:
    """JSON as somebody can read it: short things in a line each, the rest indented."""
    if not value and value != 0:
        return SafeString("–")
    if isinstance(value, Mapping) and not any(isinstance(part, dict | list) for part in value.values()):
        rows = format_html_join("", "<dt>{}</dt><dd>{}</dd>", value.items())
        return format_html('<dl class="laid-out">{}</dl>', rows)
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return format_html('<pre class="laid-out" tabindex="0">{}</pre>', text)


def _shown(field: "Field[Any, Any]") -> Any:
    """How a column is shown on a row's page: its name, or a callable that Django calls with the row."""
    show: Shown
    if field.name == "job_id":
        show = job_link
    elif isinstance(field, JSONField):
        show = laid_out
    elif isinstance(field, FloatField):
        show = _rounded
    elif field.get_internal_type() == "DateTimeField":
        show = moment
    else:
        return field.name

    @admin.display(description=field.verbose_name)
    def column(row: Any) -> object:
        return show(getattr(row, field.name))

    column.__name__ = field.name
    return column


def _rounded(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")
