"""How a curator makes a timeline: drawn, or written one point a line; checked by the engine's own rules."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.emotion.circumplex import EMOTIONS
from apps.emotion.models import EmotionCurve
from apps.emotion.timeline import UnableToUseTimeline, checked


class CurveWidget(forms.Textarea):
    """The lines of a timeline, which curve_editor.js turns into a drawing where there is JavaScript."""

    class Media:
        js = ["admin_pages/curve_editor.js"]

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 10, "cols": 32, "spellcheck": "false", "class": "mono"})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html(
            '<div class="curve-editor" data-curve-editor data-emotions="{}">{}</div>',
            json.dumps(EMOTIONS),
            super().render(name, value, attrs, renderer),
        )


class TimelineField(forms.Field):
    """A timeline as lines of "second emotion", or as its JSON; its value is the list of {sec, emotion}."""

    widget = CurveWidget

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        points = (p if isinstance(p, dict) else {} for p in value)
        return "\n".join(f"{point.get('sec', '?'):<5} {point.get('emotion', '?')}" for point in points)

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        text = (value or "").strip()
        if text.startswith("["):
            return _from_json(text)
        lines = [line.split() for line in text.splitlines() if line.strip()]
        return [_point(number, words) for number, words in enumerate(lines, start=1)]

    def validate(self, value: Any) -> None:
        try:
            checked(value)
        except UnableToUseTimeline as wrong:
            raise ValidationError(str(wrong)) from wrong

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


def _from_json(text: str) -> list[dict[str, Any]]:
    try:
        timeline = json.loads(text)
    except ValueError:
        raise ValidationError("This begins like JSON but is none: check brackets and commas.") from None
    return list(timeline)


def _point(number: int, words: list[str]) -> dict[str, Any]:
    if len(words) != 2:
        raise ValidationError(f"Line {number}: write a second and an emotion, such as “4.5 awe”.")
    try:
        sec = float(words[0].rstrip("s"))
    except ValueError:
        raise ValidationError(f"Line {number}: {words[0][:20]!r} is no number of seconds.") from None
    return {"sec": int(sec) if sec.is_integer() else sec, "emotion": words[1].lower()}


class EmotionCurveForm(forms.ModelForm):
    """A curve with its timeline as lines."""

    timeline = TimelineField(
        help_text="One point a line: second, then emotion. 2 to 24 points from second 0 on, in order. "
        "The last second is the length the curve is written for; it is stretched to each short. "
        "Emotions: " + ", ".join(sorted(EMOTIONS)) + "."
    )

    class Meta:
        model = EmotionCurve
        fields = ["name", "platform", "description", "timeline", "active"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2, "cols": 80})}
