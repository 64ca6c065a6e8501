"""Who may do what in the admin: three roles as groups, and whoever is a superuser may do everything.

A group of one of these names is ours: it is set to exactly these rights at every start. For other rights make
a group of another name.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from config.services import SERVICES

#: What a curator adds, changes and removes.
CURATED = ("persona.persona", "emotion.emotioncurve", "audience.audienceprofile", "strategy.platformprofile")
#: What only an administrator sees: it opens doors.
PRIVATE = ("gateway.apikey", "gateway.webhookendpoint", "gateway.webhookdelivery")
#: Rights of an operator beside seeing: retry and cancel jobs; pause and resume providers.
OPERATED = ("gateway.change_job", "orchestrator.add_pausedprovider", "orchestrator.change_pausedprovider")

VIEWER, CURATOR, OPERATOR = "viewer", "curator", "operator"
ROLES = {
    VIEWER: "sees jobs, what was made and what was learned",
    CURATOR: "sees everything a viewer does, and edits personas, curves, audiences and platforms",
    OPERATOR: "sees everything a viewer does, retries and cancels jobs, pauses and resumes providers",
}


def make_roles() -> dict[str, int]:
    """Make the three groups, or bring them up to date; returns how many rights each has."""
    seen = _seen()
    curated = [p for p in _rights(Q(content_type__app_label__in=SERVICES)) if _model(p) in CURATED]
    operated = [p for p in _rights(Q(content_type__app_label__in=SERVICES)) if _name(p) in OPERATED]
    rights = {VIEWER: seen, CURATOR: [*seen, *curated], OPERATOR: [*seen, *operated]}
    return {role: _set(role, given) for role, given in rights.items()}


def _seen() -> list[Permission]:
    every = _rights(Q(content_type__app_label__in=SERVICES, codename__startswith="view_"))
    return [permission for permission in every if _model(permission) not in PRIVATE]


def _set(role: str, rights: Iterable[Permission]) -> int:
    group, _ = Group.objects.get_or_create(name=role)
    group.permissions.set(rights)
    return group.permissions.count()


def _rights(wanted: Q) -> list[Permission]:
    return list(Permission.objects.filter(wanted).select_related("content_type"))


def _model(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.content_type.model}"


def _name(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"
