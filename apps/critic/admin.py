"""Scores to look at, with the measurements behind each. Nothing here is edited."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.critic.models import CriticFeedback, CriticScore
from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter, job_link, table


@admin.register(CriticScore)
class CriticScoreAdmin(ReadOnlyAdmin):
    """One line an attempt; the page shows every signal beside its wanted interval."""

    list_display = (
        "when",
        "job",
        "attempt",
        "platform",
        "verdict",
        "total",
        "hook",
        "pacing",
        "loop",
        "tripped",
    )
    list_filter = (
        "verdict",
        ("platform", RecentValuesFilter),
        ("attempt", RecentValuesFilter),
        "created_at",
    )
    search_fields = ("job_id",)
    list_select_related = ("feedback",)
    readonly_fields = ("signals", "directives")

    @admin.display(ordering="total_score")
    def total(self, row: CriticScore) -> SafeString:
        return format_html("<b>{}</b>", f"{row.total_score:.0f}")

    @admin.display(ordering="hook_score")
    def hook(self, row: CriticScore) -> str:
        return f"{row.hook_score:.0f}"

    @admin.display(ordering="pacing_score")
    def pacing(self, row: CriticScore) -> str:
        return f"{row.pacing_score:.0f}"

    @admin.display(ordering="loop_score")
    def loop(self, row: CriticScore) -> str:
        return f"{row.loop_score:.0f}"

    @admin.display(description="gates")
    def tripped(self, row: CriticScore) -> str:
        return ", ".join(row.gates) or "–"

    @admin.display(description="what was measured")
    def signals(self, row: CriticScore) -> SafeString:
        return _signal_table(row.feedback.feedback["signals"])

    @admin.display(description="what to change")
    def directives(self, row: CriticScore) -> SafeString:
        return _directive_list(row.feedback.feedback["directives"])


@admin.register(CriticFeedback)
class CriticFeedbackAdmin(ReadOnlyAdmin):
    """The same measurements, by the time they were made."""

    list_display = ("when", "job", "critic_score", "orders")
    list_filter = ("critic_score__verdict", "created_at")
    search_fields = search_ids = ("critic_score__job_id",)
    ordering = ("-critic_score__created_at",)  # an index has this order, and both are made at once
    list_select_related = ("critic_score",)
    exclude = ("feedback",)
    readonly_fields = ("signals", "directives")

    @admin.display(description="job")
    def job(self, row: CriticFeedback) -> SafeString:
        return job_link(row.critic_score.job_id)

    @admin.display(description="orders")
    def orders(self, row: CriticFeedback) -> str:
        return ", ".join(order["kind"] for order in row.feedback["directives"]) or "–"

    @admin.display(description="what was measured")
    def signals(self, row: CriticFeedback) -> SafeString:
        return _signal_table(row.feedback["signals"])

    @admin.display(description="what to change")
    def directives(self, row: CriticFeedback) -> SafeString:
        return _directive_list(row.feedback["directives"])


def _signal_table(signals: list[dict[str, Any]]) -> SafeString:
    rows = [_cells(signal) for signal in sorted(signals, key=lambda s: (s["part"], s["score"]))]
    return table(("part", "signal", "value", "wanted", "score", "scene"), rows)


def _cells(signal: dict[str, Any]) -> tuple[object, ...]:
    scene = "–" if signal["ordinal"] is None else signal["ordinal"]
    score = f"{signal['score']:.2f}"
    name = signal.get("label") or signal["name"].replace("_", " ")
    value = f"{signal['value']:.4g} {signal.get('unit') or ''}".strip()
    return signal["part"], name, value, _interval(signal), score, scene


def _directive_list(directives: list[dict[str, Any]]) -> SafeString:
    items = format_html_join(
        "",
        "<li><b>{}</b> by {} ({}): {}</li>",
        (
            (d["kind"], d["amount"], "all" if d["ordinal"] is None else f"scene {d['ordinal']}", d["reason"])
            for d in directives
        ),
    )
    return format_html("<ul>{}</ul>", items) if directives else SafeString("–")


def _interval(signal: dict[str, Any]) -> str:
    low, high = signal["low"], signal["high"]
    if low is None or high is None:
        return f"≤ {high}" if low is None else f"≥ {low}"
    return f"{low} to {high}"
