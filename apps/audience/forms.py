"""How a curator writes an audience: languages as lines, emotions as words."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.audience.models import AudienceProfile

#: A language tag as it is used here: primary tag, perhaps with a region.
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: A word for an emotion.
EMOTION = re.compile(r"[a-z][a-z -]{1,29}")
#: How far shares may be from summing to 1: a third written as 0.33 passes.
SUM_TOLERANCE = 0.015


class LanguageMixField(forms.Field):
    """Languages as lines of "tag share"; its value maps tags to shares that sum to 1."""

    widget = forms.Textarea(attrs={"rows": 5, "cols": 24, "spellcheck": "false", "class": "mono"})

    def prepare_value(self, value: Any) -> Any:
        return (
            "\n".join(f"{tag} {share:g}" for tag, share in value.items())
            if isinstance(value, dict)
            else value
        )

    def to_python(self, value: Any) -> dict[str, float]:
        lines = [line.split() for line in (value or "").splitlines() if line.strip()]
        pairs = [_share(number, words) for number, words in enumerate(lines, start=1)]
        if len({tag for tag, _ in pairs}) < len(pairs):
            raise ValidationError("Each language may appear once.")
        return dict(pairs)

    def validate(self, value: Any) -> None:
        total = sum(value.values())
        if abs(total - 1) > SUM_TOLERANCE:
            raise ValidationError(f"The shares must sum to 1; they sum to {total:g}.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class EmotionBiasField(forms.Field):
    """Emotions as words with commas, strongest first; its value is the list."""

    widget = forms.TextInput(attrs={"size": 60})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [word.strip().lower() for word in (value or "").split(",") if word.strip()]

    def validate(self, value: Any) -> None:
        if not 1 <= len(value) <= 6 or len(set(value)) < len(value):
            raise ValidationError("Name one to six different emotions.")
        for word in value:
            if not EMOTION.fullmatch(word):
                raise ValidationError(f"{word[:30]!r} is no word for an emotion.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != initial)


class AudienceProfileForm(forms.ModelForm):
    """An audience with its languages and emotions in words."""

    language_mix = LanguageMixField(help_text="One language a line: tag, then its share. Shares sum to 1.")
    emotion_bias = EmotionBiasField(
        help_text="The strongest first, with commas: curiosity, fun, surprise, awe, hope, tension, relief, "
        "calm, nostalgia, triumph and the like."
    )

    class Meta:
        model = AudienceProfile
        fields = [
            "audience_key",
            "name",
            "attention_span",
            "visual_energy",
            "language_mix",
            "emotion_bias",
            "notes",
            "active",
        ]
        widgets = {"notes": forms.Textarea(attrs={"rows": 3, "cols": 80})}

    def clean_audience_key(self) -> str:
        key: str = self.cleaned_data["audience_key"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            raise ValidationError("Use small letters, digits and _, starting with a letter.")
        return key


def _share(number: int, words: list[str]) -> tuple[str, float]:
    if len(words) != 2 or not TAG.fullmatch(words[0]):
        raise ValidationError(f"Line {number}: write a language tag and its share, such as “hi 0.6”.")
    try:
        share = float(words[1].replace(",", "."))
    except ValueError:
        raise ValidationError(f"Line {number}: {words[1][:20]!r} is no number.") from None
    if not 0 < share <= 1:
        raise ValidationError(f"Line {number}: a share lies between 0 and 1.")
    return words[0], share
