"""Words for what a machine counts and names. Nothing else belongs into a template filter here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

register = template.Library()
#: Seconds that nobody counts.
JUST_NOW = 60


@register.filter
def ago(moment: datetime) -> str:
    """How long ago, in the coarsest unit that says it."""
    if (timezone.now() - moment).total_seconds() < JUST_NOW:
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


@register.filter
def plain(name: object) -> str:
    """A name that code refers to, as somebody reads it: `length_band` is "length band"."""
    return str(name).replace("_", " ")


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
