"""Which providers there are, what each needs and heeds. Made when first asked for: libraries load slowly."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.contracts.brief import Brief
from apps.image.providers import Pictures


@dataclass(frozen=True, kw_only=True)
class Source:
    """How to make a provider; which optional fields of a Request it heeds; and what it lacks for a brief,
    as a sentence that says what to set (empty: nothing)."""

    make: Callable[[], Pictures]
    heeds: frozenset[str] = frozenset()
    lacks: Callable[[Brief], str] = lambda brief: ""


def _drawn() -> Pictures:
    from apps.image.providers.drawn import Drawn

    return Drawn()


def _generated() -> Pictures:
    from apps.image.providers.generated import Generated, Model

    return Generated(
        Model(
            base_url=settings.IMAGE_BASE_URL,
            key=settings.IMAGE_API_KEY,
            name=settings.IMAGE_MODEL,
            size=settings.IMAGE_SIZE,
            style=settings.IMAGE_STYLE,
            price_usd=settings.IMAGE_PRICE_USD,
        )
    )


def _pexels() -> Pictures:
    from apps.image.providers.pexels import Pexels
    from apps.image.providers.stock import Stock

    return Stock(Pexels(settings.PEXELS_BASE_URL, settings.PEXELS_API_KEY))


def _pixabay() -> Pictures:
    from apps.image.providers.pixabay import Pixabay
    from apps.image.providers.stock import Stock

    return Stock(Pixabay(settings.PIXABAY_BASE_URL, settings.PIXABAY_API_KEY))


def _own() -> Pictures:
    from apps.image.providers.own import Own

    return Own(settings.PICTURES_FOLDER)


def _lacks_model(brief: Brief) -> str:
    if settings.IMAGE_MODEL and (settings.IMAGE_API_KEY or settings.IMAGE_BASE_URL):
        return ""
    return "Set IMAGE_MODEL, and IMAGE_API_KEY or IMAGE_BASE_URL."


def _lacks_pexels_key(brief: Brief) -> str:
    return "" if settings.PEXELS_API_KEY else "Set PEXELS_API_KEY to a key from pexels.com/api."


def _lacks_pixabay_key(brief: Brief) -> str:
    return "" if settings.PIXABAY_API_KEY else "Set PIXABAY_API_KEY to a key from pixabay.com/api/docs."


def _lacks_media(brief: Brief) -> str:
    if brief.media or (settings.PICTURES_FOLDER and Path(settings.PICTURES_FOLDER).is_dir()):
        return ""
    return "Give the brief media of your own, or set PICTURES_FOLDER to a folder of images and clips."


SOURCES: dict[str, Source] = {
    "drawn": Source(make=_drawn, heeds=frozenset({"earlier", "language"})),
    "openai": Source(make=_generated, lacks=_lacks_model),
    "own": Source(make=_own, heeds=frozenset({"earlier", "seconds", "media"}), lacks=_lacks_media),
    "pexels": Source(
        make=_pexels, heeds=frozenset({"earlier", "seconds", "language"}), lacks=_lacks_pexels_key
    ),
    "pixabay": Source(
        make=_pixabay, heeds=frozenset({"earlier", "seconds", "language"}), lacks=_lacks_pixabay_key
    ),
}
