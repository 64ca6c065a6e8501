"""Words for what a machine counts and names, and the two pieces of markup every page repeats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.conf.locale import LANG_INFO
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from apps.contracts.decision import Box, Decision
from apps.contracts.judgement import Scores
from apps.studio import names
from apps.studio.present import STAGE_WORDS

register = template.Library()
#: Decisions whose value is a number of seconds.
IN_SECONDS = ("length", "hook_window")
#: Seconds that nobody counts.
JUST_NOW = 60
#: Seconds below which a stage's time is no figure any more.
LEAST = 0.1


@register.filter
def ago(moment: datetime) -> str:
    """How long ago, in the coarsest unit that says it."""
    if (timezone.now() - moment).total_seconds() < JUST_NOW:
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


@register.filter
def span(seconds: float) -> str:
    """A length of time in its coarsest unit, from the minute up in whole ones."""
    if seconds < LEAST:
        return f"< {LEAST} s"
    if seconds < 2 * JUST_NOW:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * 3600 else f"{seconds / 3600:.1f} h"


@register.filter
def share(value: float) -> str:
    """A share of one in whole per cent."""
    return f"{value:.0%}"


@register.filter
def measure(performance: Any, name: str) -> str:
    """One number of a short's performance as its kind is read; empty where the platform does not say."""
    value = getattr(performance, name, None)
    if value is None:
        return ""
    if name in ("completion", "skip_rate"):
        return f"{value:.1%}"
    return f"{value:.1f} s" if name == "average_watch_seconds" else f"{value:,}"


@register.filter
def plain(name: object) -> str:
    """A name that code refers to, as somebody reads it: `length_band` is "length band"."""
    return str(name).replace("_", " ")


@register.filter
def proper(name: str) -> str:
    """The proper name behind an id: `youtube_shorts` is "YouTube Shorts"."""
    return names.proper(name)


@register.filter
def choice(value: str) -> str:
    """What was chosen, as a label: `slow_burn_to_awe` is "Slow burn to awe"."""
    return names.choice(value)


@register.filter
def worded(text: str) -> str:
    """A sentence with the ids in it as people call them."""
    return names.worded(text)


@register.filter
def factor(kind: str) -> str:
    """A factor as a heading."""
    return names.factor(kind)


@register.filter
def entry(mapping: Mapping[str, Any], name: str) -> Any:
    """What a mapping holds under a name that the template knows only as a variable; "" where nothing."""
    return mapping.get(name, "")


@register.filter
def money(usd: float) -> str:
    """US dollars; fractions of a cent are told as far as they say something."""
    return f"${usd:,.2f}" if usd >= 1 else f"${usd:.3g}"


@register.filter
def file_name(key: str) -> str:
    """The last part of a storage key."""
    return key.rpartition("/")[2]


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the drawings in icons.svg; it says nothing to a screen reader."""
    return format_html(
        '<svg class="icon icon-{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        name,
        static("studio/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, view: str, label: str, drawing: str) -> SafeString:
    """A link of the main navigation, marked where it leads to this page; nothing where there is no page."""
    try:
        address = reverse(view)
    except NoReverseMatch:
        return SafeString("")
    match = getattr(context.get("request"), "resolver_match", None)
    here = match is not None and (match.view_name == view or match.view_name.startswith(f"{view}-"))
    current = SafeString(' aria-current="page"' if here else "")
    return format_html('<a href="{}"{}>{}<span>{}</span></a>', address, current, icon(drawing), label)


@register.filter
def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


@register.filter
def language(tag: str) -> str:
    """A language by its English name, which every machine has letters for; its tag where it is unknown."""
    return str(LANG_INFO.get(tag, {}).get("name", tag)).capitalize()


@register.filter
def width(box: Box) -> int:
    """Pixels across."""
    return box.right - box.left


@register.filter
def height(box: Box) -> int:
    """Pixels down."""
    return box.bottom - box.top


@register.filter
def stage_words(stage: str) -> str:
    """What a stage does."""
    return STAGE_WORDS.get(stage, stage)


@register.filter
def points(scores: Scores, name: str) -> float:
    """One of an attempt's scores."""
    return float(getattr(scores, name))


@register.filter
def chosen(decision: Decision) -> str:
    """What was chosen, with its unit: the length band `15_21` is "15 to 21 s"."""
    if decision.name in IN_SECONDS and decision.value.isdigit():
        return f"{decision.value}\N{NO-BREAK SPACE}s"
    return names.level(decision.name, decision.value)


@register.filter
def signed(value: float) -> str:
    """A difference in points, with its sign."""
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


@register.filter
def unlocalized(value: float) -> str:
    """A coordinate as SVG reads it."""
    return f"{value:g}"
