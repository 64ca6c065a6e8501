"""Pexels: photos and clips under the Pexels licence (pexels.com/api/documentation)."""

from typing import Any

from apps.contracts.media import LayerKind
from apps.image.downloads import Service
from apps.image.providers.stock import Asset, page_address, plain, whole

#: Results of a search; Pexels gives up to 80.
RESULTS = 40
#: Height asked of a photo, pixels; the canvas of a 1080x1920 frame is 2150 high.
PHOTO_HEIGHT = 2200
#: Shorter side of a clip's file that is enough, pixels; of those the smallest is fetched.
CLIP_SIDE = 1080
#: The locales that Pexels can be searched in, by language.
_TAGS = (
    "- en-US pt-BR es-ES ca-ES de-DE it-IT fr-FR sv-SE id-ID pl-PL ja-JP zh-CN ko-KR th-TH nl-NL "
    "hu-HU vi-VN cs-CZ da-DK fi-FI uk-UA el-GR ro-RO nb-NO sk-SK tr-TR ru-RU"
)
LOCALES = {tag.partition("-")[0]: tag for tag in _TAGS.split()}


class Pexels:
    """The library."""

    name, label, licence = "pexels", "Pexels", "Pexels licence"

    def __init__(self, base_url: str, key: str) -> None:
        self.base_url = base_url
        self._service = Service(
            name=self.label,
            base_url=base_url,
            headers={"Authorization": key},
            remedy="Check PEXELS_API_KEY and PEXELS_BASE_URL.",
        )

    def locale(self, language: str) -> str:
        """The Pexels locale of a language; empty where there is none."""
        return LOCALES.get(language, "")

    def search(self, kind: LayerKind, query: str, locale: str) -> list[Asset]:
        """Vertical photos or clips. Raises ProviderUnavailable, UnableToProvide."""
        asked: dict[str, str | int] = {
            "query": query,
            "orientation": "portrait",
            "per_page": RESULTS,
            "locale": locale,
        }
        if kind is LayerKind.CLIP:
            reply = self._service.get("v1/videos/search", asked)
            return [_clip(one) for one in _listed(reply, "videos")]
        reply = self._service.get("v1/search", asked)
        return [_photo(one) for one in _listed(reply, "photos")]


def _listed(reply: Any, name: str) -> list[dict[str, Any]]:
    found = reply.get(name) if isinstance(reply, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _photo(one: dict[str, Any]) -> Asset:
    sources = one.get("src")
    original = str(sources.get("original", "")) if isinstance(sources, dict) else ""
    sized = f"{original}?auto=compress&cs=tinysrgb&h={PHOTO_HEIGHT}" if "?" not in original else original
    return Asset(
        kind=LayerKind.IMAGE,
        id=plain(one.get("id")),
        address=sized if original else "",
        page=page_address(one.get("url")),
        author=plain(one.get("photographer")),
        width=whole(one.get("width")),
        height=whole(one.get("height")),
    )


def _clip(one: dict[str, Any]) -> Asset:
    files = [f for f in _listed(one, "video_files") if f.get("file_type") == "video/mp4" and f.get("link")]
    file = smallest_that_is_enough(files)
    user = one.get("user")
    return Asset(
        kind=LayerKind.CLIP,
        id=plain(one.get("id")),
        address=str(file.get("link", "")),
        page=page_address(one.get("url")),
        author=plain(user.get("name")) if isinstance(user, dict) else "",
        width=whole(file.get("width")),
        height=whole(file.get("height")),
        seconds=float(whole(one.get("duration"))),
    )


def smallest_that_is_enough(files: list[dict[str, Any]]) -> dict[str, Any]:
    """Of a clip's files the smallest with a shorter side of CLIP_SIDE or more, else the largest."""
    sized = sorted(files, key=lambda file: min(whole(file.get("width")), whole(file.get("height"))))
    enough = (f for f in sized if min(whole(f.get("width")), whole(f.get("height"))) >= CLIP_SIDE)
    return next(enough, sized[-1] if sized else {})
