"""How a curator writes a platform's rules."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.strategy.drawing import FRAME_HEIGHT, FRAME_WIDTH
from apps.strategy.models import PlatformProfile

#: A metric's name.
METRIC = re.compile(r"[a-z][a-z0-9_]{1,49}")
EDGES = ("left", "top", "right", "bottom")
#: Pixels of the frame a caption needs at least: two lines of 20 characters.
LEAST_BOX = (400, 200)


class SafeBoxWidget(forms.MultiWidget):
    """Four numbers: left, top, right, bottom. With JavaScript the drawing follows, and can be dragged."""

    class Media:
        js = ["admin_pages/safe_box.js"]

    def __init__(self) -> None:
        super().__init__(
            {name: forms.NumberInput(attrs={"aria-label": name, "data-edge": name}) for name in EDGES}
        )

    def decompress(self, value: Any) -> list[Any]:
        return [value.get(name) for name in EDGES] if value else [None] * len(EDGES)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        words = format_html_join("", '<span aria-hidden="true">{}</span>', ((edge,) for edge in EDGES))
        return format_html(
            '<div class="quad">{}{}</div>', words, super().render(name, value, attrs, renderer)
        )


class SafeBoxField(forms.MultiValueField):
    """The safe box; its value is {left, top, right, bottom} in pixels of 1080x1920."""

    widget = SafeBoxWidget

    def __init__(self, **options: Any) -> None:
        edges = [forms.IntegerField(min_value=0, max_value=most) for most in (FRAME_WIDTH, FRAME_HEIGHT) * 2]
        super().__init__(edges, **options)

    def compress(self, data_list: list[int]) -> dict[str, int]:
        left, top, right, bottom = data_list
        if right - left < LEAST_BOX[0] or bottom - top < LEAST_BOX[1]:
            raise ValidationError(
                f"The box must be at least {LEAST_BOX[0]} wide and {LEAST_BOX[1]} high for captions to fit; "
                f"it is {right - left} by {bottom - top}."
            )
        return {"left": left, "top": top, "right": right, "bottom": bottom}


class MetricsField(forms.Field):
    """Metric names with commas, the most important first; its value is the list."""

    widget = forms.TextInput(attrs={"size": 70})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [word.strip().lower() for word in (value or "").split(",") if word.strip()]

    def validate(self, value: Any) -> None:
        for word in value or [""]:
            if not METRIC.fullmatch(word):
                raise ValidationError(f"{word[:50]!r} is no metric's name: use small letters, digits and _.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


class PlatformProfileForm(forms.ModelForm):
    """A platform's rules, with lengths in order."""

    safe_box = SafeBoxField(help_text="Left, top, right, bottom in pixels of a 1080×1920 frame.")
    priority_metrics = MetricsField(
        help_text="What the platform ranks by, with commas, the most important first."
    )

    class Meta:
        model = PlatformProfile
        fields = [
            "platform",
            "name",
            "ideal_length",
            "min_length",
            "max_length",
            "hook_window_seconds",
            "loop_weight",
            "priority_metrics",
            "safe_box",
            "notes",
            "active",
        ]
        widgets = {"notes": forms.Textarea(attrs={"rows": 4, "cols": 80})}

    def clean_platform(self) -> str:
        key: str = self.cleaned_data["platform"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            raise ValidationError("Use small letters, digits and _, starting with a letter.")
        return key

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        low, ideal, high = (data.get(f"{name}_length") for name in ("min", "ideal", "max"))
        if low and ideal and high and not low <= ideal <= high:
            self.add_error("ideal_length", f"The ideal must lie between {low} and {high} s; it is {ideal} s.")
        return data
