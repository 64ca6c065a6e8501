"""Photos and clips from a library on the net, found by the scene's words. Each is shown once in a job.

Scenes are drawn at the same time and know nothing of each other; so each goes through the choices of those
before it, from the same search results, which are kept for a day as the libraries ask.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from django.core.cache import cache

from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.media import LayerKind
from apps.contracts.story import Depiction
from apps.foundation.notices import tell
from apps.foundation.providers import UnableToProvide
from apps.image import library, searching
from apps.image.clips import UnableToReadClip
from apps.image.downloads import UnableToDownload
from apps.image.library import Work
from apps.image.photos import UnableToReadImage
from apps.image.providers import Rendering, Request
from apps.image.searching import Query
from apps.image.showing import show

#: Seconds a search's results are kept; Pixabay asks for a day.
KEPT = 24 * 3600
#: Seconds that others wait for one who is searching for the same.
PATIENCE, LOOK_AGAIN = 20.0, 0.1
#: Of the first so many results one is chosen by the seed; later ones fit the words less.
CHOICE = 4
#: Files that are tried for one scene where some turn out broken.
TRIES = 4
#: Shorter side, pixels, and seconds below which a result is left out.
LEAST_SIDE, LEAST_SECONDS = 540, 2.0


@dataclass(frozen=True)
class Asset:
    """One photo or clip in a library; `address` is its file's, `page` where a person sees it."""

    kind: LayerKind
    id: str
    address: str
    page: str
    author: str
    width: int
    height: int
    seconds: float = 0.0

    @property
    def mark(self) -> tuple[str, str]:
        """What tells it from all others of its library."""
        return self.kind.value, self.id

    @property
    def usable(self) -> bool:
        """Whether it is large and long enough."""
        long_enough = self.kind is LayerKind.IMAGE or self.seconds >= LEAST_SECONDS
        return bool(self.id and self.address) and min(self.width, self.height) >= LEAST_SIDE and long_enough


class Library(Protocol):
    """Where assets are searched for. `label` and `licence` are for the credit."""

    name: str
    label: str
    licence: str
    base_url: str

    def locale(self, language: str) -> str:
        """What the library calls a language, by its BCP 47 tag; empty where it cannot be searched in it."""
        ...

    def search(self, kind: LayerKind, query: str, locale: str) -> list[Asset]:
        """Results for a vertical picture, best first. Raises ProviderUnavailable, UnableToProvide."""
        ...


class Stock:
    """The provider in front of one library."""

    def __init__(self, source: Library) -> None:
        self._library = source

    def draw(self, request: Request) -> Rendering:
        """The first usable asset for the scene, framed. Raises UnableToProvide where there is none."""
        for asset in self._chosen(request)[:TRIES]:
            try:
                with library.opened(self._work(asset)) as file:
                    named = f"{self._library.name} {asset.kind.value} {asset.id}"
                    return show(file, request, subjects=(named,), credit=self._credit(asset))
            except (UnableToDownload, UnableToReadImage, UnableToReadClip) as broken:
                tell("stock_asset_skipped", provider=self._library.name, asset=asset.id, reason=str(broken))
        raise UnableToProvide(
            f"{self._library.label} has no usable photo or clip for scene {request.ordinal + 1}. "
            f"Name another provider behind it, such as '{self._library.name}, drawn'."
        )

    def _chosen(self, request: Request) -> list[Asset]:
        """This scene's assets, best first, without those of earlier scenes."""
        taken: set[tuple[str, str]] = set()
        for shown in request.earlier:
            theirs = self._ranked(shown, request, taken)
            # All that its variations went through, so that a scene drawn anew changes no later one.
            taken.update(asset.mark for asset in theirs[: shown.variation + 1])
        return self._ranked(request.depiction, request, taken)[request.variation :]

    def _ranked(self, shown: Depiction, request: Request, taken: set[tuple[str, str]]) -> list[Asset]:
        kinds = [LayerKind.IMAGE, LayerKind.CLIP]
        if searching.wants_motion(shown, request.visual_energy):
            kinds.reverse()
        rng = Random(f"{request.seed}/{shown.ordinal}")
        locale = self._library.locale(request.language)
        found: list[Asset] = []
        for query in searching.queries_of(shown, spoken=bool(locale), language=request.language):
            for kind in kinds:
                known = taken | {asset.mark for asset in found}
                results = self._searched(kind, query, locale)
                found += _shuffled([a for a in results if a.mark not in known], rng)
                if len(found) > shown.variation:
                    return found
        return found

    def _searched(self, kind: LayerKind, query: Query, locale: str) -> list[Asset]:
        spoken = self._library.locale("en") if query.english else locale
        key = (
            f"hookloop:stock:{digest([self._library.name, self._library.base_url, kind, query.text, spoken])}"
        )

        def ask() -> Any:
            results = self._library.search(kind, query.text, spoken or self._library.locale("en"))
            return to_json([asset for asset in results if asset.usable])

        return from_json(list[Asset], _once(key, ask))

    def _work(self, asset: Asset) -> Work:
        return Work(
            provider=self._library.name,
            kind=asset.kind,
            asset_id=asset.id,
            address=asset.address,
            beside=self._library.base_url,
            credit=self._credit(asset),
            licence=self._library.licence,
            page=asset.page,
        )

    def _credit(self, asset: Asset) -> str:
        kind = "Video" if asset.kind is LayerKind.CLIP else "Photo"
        named = f"{kind} by {asset.author} on {self._library.label}" if asset.author else self._library.label
        return ", ".join(part for part in (named, self._library.licence, asset.page) if part)


def plain(text: object, most: int = 80) -> str:
    """A stranger's text as one short line that can be printed."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text or "")).split())
    return line[:most]


def page_address(text: object) -> str:
    """A stranger's web address, or nothing where it is not one."""
    address = plain(text, 300)
    return address if address.startswith("https://") and " " not in address else ""


def whole(value: object) -> int:
    """A stranger's number; 0 where it is none."""
    return int(value) if isinstance(value, int | float) and 0 <= value < 1e9 else 0


def _shuffled(assets: Sequence[Asset], rng: Random) -> list[Asset]:
    first = list(assets[:CHOICE])
    rng.shuffle(first)
    return [*first, *assets[CHOICE:]]


def _once(key: str, ask: Callable[[], Any]) -> Any:
    """What `ask` gave within a day. Several that want the same at once ask once."""
    ends = time.monotonic() + PATIENCE
    while (kept := cache.get(key)) is None:
        if cache.add(f"{key}:asked", 1, PATIENCE) or time.monotonic() > ends:
            try:
                kept = ask()
                cache.set(key, kept, KEPT)
            finally:
                cache.delete(f"{key}:asked")
            break
        time.sleep(LOOK_AGAIN)
    return kept
