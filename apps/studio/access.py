"""Who may see the pages, and what their browser may load. No other rule."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import user_passes_test
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def studio_page(view: View) -> View:
    """Anybody where STUDIO_OPEN says so, else staff; and a strict content security policy."""
    for_staff = user_passes_test(lambda user: user.is_active and user.is_staff)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = (view if settings.STUDIO_OPEN else for_staff)(request, *args, **kwargs)
        response["Content-Security-Policy"] = content_security_policy()
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarded


def content_security_policy() -> str:
    """Nothing inline, nothing from elsewhere but media from the configured object store."""
    store = _store_origin()
    media = f"'self' {store}".strip()
    return (
        f"default-src 'self'; img-src {media}; media-src {media}; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _store_origin() -> str:
    parts = urlsplit(default_storage.url("probe"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
