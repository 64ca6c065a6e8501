"""Words for what a machine counts and names. Nothing else belongs into a template filter here."""

from datetime import datetime

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
