"""How a curator writes a persona: voices as lines, the rest of the voice as numbers."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.persona.models import Persona

#: A language tag as it is used here: primary tag, perhaps with a region; "en@elevenlabs" is for one provider.
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*(@[a-z]{2,20})?")
#: A provider's voice name: never a path, never an option.
VOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+#-]{0,49}")


class VoicesField(forms.Field):
    """Voices as lines of "tag voice"; its value maps language tags to voice names."""

    widget = forms.Textarea(attrs={"rows": 8, "cols": 34, "spellcheck": "false", "class": "mono"})

    def prepare_value(self, value: Any) -> Any:
        return (
            "\n".join(f"{tag} {voice}" for tag, voice in value.items()) if isinstance(value, dict) else value
        )

    def to_python(self, value: Any) -> dict[str, str]:
        lines = [line.replace("=", " ").split() for line in (value or "").splitlines()]
        pairs = [_voice(number, words) for number, words in enumerate(lines, start=1) if words]
        if len({tag for tag, _ in pairs}) < len(pairs):
            raise ValidationError("Each language may appear once.")
        return dict(pairs)

    def validate(self, value: Any) -> None:
        if "en" not in value:
            raise ValidationError("Every persona needs a voice for en.")


class AudienceKeysField(forms.Field):
    """Audience keys with commas; its value is the list."""

    widget = forms.TextInput(attrs={"size": 60})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [word.strip() for word in (value or "").split(",") if word.strip()]

    def validate(self, value: Any) -> None:
        for key in value:
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,49}", key):
                raise ValidationError(f"{key[:50]!r} is no audience key.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class PersonaForm(forms.ModelForm):
    """A persona with its voice profile taken apart and put together again."""

    voices = VoicesField(help_text="One language a line: tag, then voice, such as “hi hi+f3”. en is needed.")
    rate = forms.IntegerField(min_value=100, max_value=240, initial=170, help_text="Words a minute wanted.")
    pitch = forms.IntegerField(min_value=0, max_value=99, initial=50, help_text="0 deep to 99 high.")
    pitch_range = forms.IntegerField(min_value=0, max_value=99, initial=50, help_text="0 flat to 99 lively.")
    gain_db = forms.FloatField(min_value=-12, max_value=12, initial=0, help_text="Decibels louder or softer.")
    made_for = AudienceKeysField(
        required=False,
        help_text="Keys of the audiences this speaker was written for, with commas; may be empty.",
    )

    class Meta:
        model = Persona
        fields = [
            "id",
            "name",
            "description",
            "sentence_length",
            "energy_level",
            "vocabulary_level",
            "caption_style",
            "made_for",
            "sample",
            "sample_language",
            "active",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "sample": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "sample_language": forms.TextInput(attrs={"size": 6}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        profile = self.instance.voice_profile or {}
        self.initial.update({name: profile[name] for name in PROFILE if name in profile})

    def clean_id(self) -> str:
        key: str = self.cleaned_data["id"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
            raise ValidationError("Use small letters, digits and _, starting with a letter.")
        return key

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        voices, language = data.get("voices"), data.get("sample_language")
        if voices and language and language not in voices:
            self.add_error(
                "sample_language", f"The sample is in {language}, for which there is no voice above."
            )
        return data

    def save(self, commit: bool = True) -> Persona:
        self.instance.voice_profile = {name: self.cleaned_data[name] for name in PROFILE}
        saved: Persona = super().save(commit)
        return saved


#: The parts of a voice profile, each a field of the form.
PROFILE = ("voices", "rate", "pitch", "pitch_range", "gain_db")


def _voice(number: int, words: list[str]) -> tuple[str, str]:
    if len(words) != 2 or not TAG.fullmatch(words[0]):
        raise ValidationError(f"Line {number}: write a language tag and a voice, such as “en en-us+f3”.")
    if not VOICE.fullmatch(words[1]):
        raise ValidationError(
            f"Line {number}: {words[1][:50]!r} is no voice name: letters, digits, . _ + # -, at most 50."
        )
    return words[0], words[1]
