"""What the holder of an API key may do: its scopes, and the channels it is held to."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.gateway import interface as gateway
from apps.gateway.scopes import wanted_scope

if TYPE_CHECKING:  # DRF's views read what uses this from the settings while they are being imported
    from rest_framework.views import APIView


@dataclass(frozen=True, kw_only=True)
class KeyUser:
    """Whoever holds a valid API key, as the views see them. `channels` empty: all."""

    id: UUID
    name: str
    scopes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    reads_per_minute: int | None = None
    writes_per_minute: int | None = None
    is_authenticated: bool = True
    is_staff: bool = False

    @property
    def pk(self) -> str:
        """What throttling counts by."""
        return str(self.id)

    def may_see(self, channel: str) -> bool:
        """Whether jobs of `channel` are the key's business."""
        return not self.channels or channel in self.channels


class ScopeMissing(exceptions.PermissionDenied):
    """The key may not do this; the detail names the scope that it would need."""

    default_code = "scope-missing"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"This API key lacks the scope {scope}. Use a key that has it, or make one in Studio, "
            "in the admin, or with `manage.py create_key`."
        )


class HasScope(BasePermission):
    """The scope that the view asks for: its `reads` for a safe method, else its `writes`; "" asks for none.

    People who are logged in have no scopes; whether they may is for a view's other permissions to say.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        scope = wanted_scope(view, request.method or "")
        if scope and isinstance(request.user, KeyUser) and scope not in request.user.scopes:
            raise ScopeMissing(scope)
        return True


def channels_of(request: Request) -> tuple[str, ...]:
    """The channels that whoever asks is held to; empty: none, they see all."""
    channels: tuple[str, ...] = getattr(request.user, "channels", ())
    return channels


def check_job(request: Request, job_id: UUID) -> None:
    """A job of another channel does not exist for this key. Raises UnableToFindJob."""
    allowed = channels_of(request)
    if allowed and gateway.channel_of(job_id) not in allowed:
        raise gateway.UnableToFindJob(gateway.UnableToFindJob.__doc__)
