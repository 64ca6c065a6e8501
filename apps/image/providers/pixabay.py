"""Pixabay: photos and clips under its Content Licence (pixabay.com/api/docs)."""

from typing import Any

from apps.contracts.media import LayerKind
from apps.foundation.providers import UnableToProvide
from apps.image.downloads import Service
from apps.image.providers.pexels import smallest_that_is_enough
from apps.image.providers.stock import Asset, page_address, plain, whole

#: Results of a search; Pixabay gives up to 200.
RESULTS = 60
#: The languages that Pixabay can be searched in.
_LANGUAGES = "cs da de en es fr id it hu nl no pl pt ro sk fi sv tr vi th bg ru el ja ko zh"
LANGUAGES = frozenset(_LANGUAGES.split())


class _PixabayService(Service):
    """Says 400 where the key is wrong."""

    def refused(self, status: int) -> Exception:
        if status == 400:
            return UnableToProvide(f"{self.name} refused the key or the request. {self.remedy}")
        return super().refused(status)


class Pixabay:
    """The library."""

    name, label, licence = "pixabay", "Pixabay", "Pixabay Content Licence"

    def __init__(self, base_url: str, key: str) -> None:
        self.base_url = base_url
        self._service = _PixabayService(
            name=self.label,
            base_url=base_url,
            parameters={"key": key, "safesearch": "true"},
            remedy="Check PIXABAY_API_KEY and PIXABAY_BASE_URL.",
        )

    def locale(self, language: str) -> str:
        """Pixabay's name of a language; empty where it cannot be searched in it."""
        return language if language in LANGUAGES else ""

    def search(self, kind: LayerKind, query: str, locale: str) -> list[Asset]:
        """Photos or clips, upright ones first. Raises ProviderUnavailable, UnableToProvide."""
        asked: dict[str, str | int] = {"q": query, "lang": locale, "per_page": RESULTS}
        if kind is LayerKind.CLIP:
            found = [
                _clip(one) for one in _hits(self._service.get("videos/", {**asked, "video_type": "film"}))
            ]
        else:
            found = [_photo(one) for one in _hits(self._service.get("/", {**asked, "image_type": "photo"}))]
        return sorted(found, key=lambda asset: asset.width > asset.height)


def _hits(reply: Any) -> list[dict[str, Any]]:
    found = reply.get("hits") if isinstance(reply, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _photo(one: dict[str, Any]) -> Asset:
    # The first two are only there for accounts with full access; the third is 1280 pixels at its longer side.
    sources = (one.get("imageURL"), one.get("fullHDURL"), one.get("largeImageURL"))
    return Asset(
        kind=LayerKind.IMAGE,
        id=plain(one.get("id")),
        address=str(next((source for source in sources if source), "")),
        page=page_address(one.get("pageURL")),
        author=plain(one.get("user")),
        width=whole(one.get("imageWidth")),
        height=whole(one.get("imageHeight")),
    )


def _clip(one: dict[str, Any]) -> Asset:
    versions = one.get("videos")
    listed = versions.values() if isinstance(versions, dict) else ()
    file = smallest_that_is_enough([v for v in listed if isinstance(v, dict) and v.get("url")])
    return Asset(
        kind=LayerKind.CLIP,
        id=plain(one.get("id")),
        address=str(file.get("url", "")),
        page=page_address(one.get("pageURL")),
        author=plain(one.get("user")),
        width=whole(file.get("width")),
        height=whole(file.get("height")),
        seconds=float(whole(one.get("duration"))),
    )
