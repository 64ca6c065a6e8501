"""Pictures by an image model behind any OpenAI-compatible API. The prompt goes there and nowhere else."""

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.contracts.decision import Mood
from apps.foundation import blobs
from apps.foundation.notices import tell_usage
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.image import downloads
from apps.image.clips import UnableToReadClip
from apps.image.downloads import Service, UnableToDownload
from apps.image.photos import UnableToReadImage
from apps.image.providers import Rendering, Request
from apps.image.showing import show

#: Seconds one picture may take.
TIMEOUT = 180.0
#: Bytes of a picture.
MOST = 40_000_000
#: The upright size of a model's family, by the beginning of its name; of all others, and of those that
#: take any size, the last.
SIZES = {"dall-e-2": "1024x1024", "dall-e-3": "1024x1792", "gpt-image": "1024x1536", "": "1024x1536"}
OPENAI = "https://api.openai.com/v1"
#: What an API says where its rules forbid a picture.
FORBIDDEN = ("content_policy", "moderation", "safety", "image_generation_user_error", "content_filter")
STYLE = "Cinematic editorial photograph, natural light, rich but believable colour, shallow depth of field."
#: How neighbouring scenes are seen, so that they differ.
VIEWS = (
    "seen from close by, the subject large",
    "a wide view that shows where it is",
    "from low down, looking up",
    "a tight detail of the most telling part",
    "from above, looking down",
    "from the side, with depth behind it",
)
_RULES = (
    "Vertical 9:16. One clear subject in the upper two thirds, a calm and darker lower third. "
    "No text, letters, numbers, logos, watermarks, frames or borders."
)
_REMEDY = "Check IMAGE_API_KEY, IMAGE_BASE_URL and IMAGE_MODEL."


@dataclass(frozen=True, kw_only=True)
class Model:
    """Where the model is, what it is called and costs; the key never appears in a repr."""

    base_url: str = ""
    key: str = field(default="", repr=False)
    name: str = ""
    size: str = ""
    style: str = ""
    price_usd: float = 0.0

    @property
    def pixels(self) -> str:
        """The size asked for."""
        return self.size or next(size for family, size in SIZES.items() if self.name.startswith(family))


class _ImageService(Service):
    def final(self, reply: Any) -> Exception | None:
        """A refusal of this picture, or of any that is not paid for."""
        error = reply.get("error") if isinstance(reply, dict) else None
        told = f"{error.get('code')} {error.get('type')}" if isinstance(error, dict) else ""
        if any(sign in told for sign in FORBIDDEN):
            return UnableToProvide(
                "The image model's rules forbid a picture of this scene. "
                "Reword the brief, or name another provider behind it, such as 'openai, drawn'."
            )
        if "insufficient_quota" in told or "billing" in told:
            return UnableToProvide(
                "The image model's account is used up. Top it up, or choose another provider."
            )
        return None


class Generated:
    """The provider."""

    def __init__(self, model: Model, *, timeout: float = TIMEOUT) -> None:
        self._model = model
        base_url = model.base_url or OPENAI
        headers = {"Authorization": f"Bearer {model.key}"} if model.key else {}
        self._service = _ImageService(
            name="The image model", base_url=base_url, headers=headers, remedy=_REMEDY, timeout=timeout
        )

    def draw(self, request: Request) -> Rendering:
        """One picture of the scene, filling the frame. Raises ProviderUnavailable, UnableToProvide."""
        asked = {
            "model": self._model.name,
            "prompt": prompt_for(request, self._model.style),
            "n": 1,
            "size": self._model.pixels,
        }
        reply = self._service.post("images/generations", asked)
        self._tell(reply)
        with blobs.scratch() as folder:
            file = folder / "picture"
            try:
                self._save(reply, file)
                return show(file, request, subjects=("generated",), always_fill=True)
            except (UnableToReadImage, UnableToReadClip, UnableToDownload) as broken:
                raise ProviderUnavailable(f"The image model's picture cannot be used: {broken}") from None

    def _save(self, reply: Any, file: Path) -> None:
        """The picture of a reply, which holds it or says where it is."""
        data = reply.get("data") if isinstance(reply, dict) else None
        first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
        if encoded := first.get("b64_json"):
            try:
                file.write_bytes(base64.b64decode(str(encoded), validate=False))
            except binascii.Error:
                raise UnableToDownload("It is not encoded as it should be.") from None
        elif address := first.get("url"):
            downloads.download(
                self._service.name, str(address), file, most=MOST, beside=self._service.base_url
            )
        else:
            raise UnableToDownload("There is none in the answer.")

    def _tell(self, reply: Any) -> None:
        usage = reply.get("usage") if isinstance(reply, dict) else None
        used = usage if isinstance(usage, dict) else {}
        tell_usage(
            provider="openai",
            tokens_in=_count(used.get("input_tokens")),
            tokens_out=_count(used.get("output_tokens")),
            cost_usd=self._model.price_usd,
        )


def prompt_for(request: Request, style: str = "") -> str:
    """What the model is told: the scene, how it is seen, its mood and the look of the whole video."""
    scene, _, topic = request.visual.partition(";")
    shown = scene.strip() or " ".join(request.words)
    about = f" (in a short film about {topic.strip()})" if topic.strip() else ""
    view = VIEWS[(request.seed + request.ordinal + 2 * request.variation) % len(VIEWS)]
    return f"{style or STYLE} {shown}{about}, {view}. Mood: {_mood(request.mood)}. {_RULES}"


def _mood(mood: Mood) -> str:
    light = (
        "bright and warm" if mood.valence > 0.25 else "dark and cold" if mood.valence < -0.25 else "balanced"
    )
    pace = "dramatic" if mood.arousal > 0.4 else "quiet" if mood.arousal < -0.1 else "attentive"
    return f"{mood.emotion}, {pace}; {light} light"


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
