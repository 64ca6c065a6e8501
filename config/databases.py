"""One Django alias per service from DATABASE_URL. No domain logic, no connection is opened here."""

import hashlib
import hmac
from typing import Any
from urllib.parse import unquote

import environ

from config.services import PLATFORM, SERVICES

#: Services asked at every stage and request. Their connections are kept: opening one costs Postgres a
#: process, which at two a stage run was most of what orchestration cost. The others' are closed after
#: each use, or fourteen for each thread would add up.
BUSY = ("gateway", "orchestrator")
#: Seconds a kept connection may live.
KEEP_SECONDS = 60
#: Characters of a derived role password; 160 bits.
PASSWORD_LENGTH = 40


def from_url(url: str) -> dict[str, Any]:
    """Django database settings from a URL; a percent-encoded host is a socket's folder."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    return {**config, "HOST": unquote(config.get("HOST", ""))}


def role_name(prefix: str, service: str) -> str:
    """The Postgres role of a service."""
    return f"{prefix}_{service}"


def role_password(secret_key: str, service: str) -> str:
    """A role's password follows from SECRET_KEY, so there are no fourteen secrets to keep.

    After SECRET_KEY is changed, `manage.py provision` sets the new passwords.
    """
    message = f"hookloop database role {service}".encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()[:PASSWORD_LENGTH]


def alias_config(
    owner: dict[str, Any], service: str, *, roles: bool, prefix: str, secret_key: str
) -> dict[str, Any]:
    """The Django database settings of one service on the server that `owner` names.

    With `roles` the alias connects as the service's own role; without, as the owner, held to its
    schema by search_path alone.
    """
    identity = (
        {"USER": role_name(prefix, service), "PASSWORD": role_password(secret_key, service)} if roles else {}
    )
    options = {**owner.get("OPTIONS", {}), "options": f"-c search_path={service}"}
    kept = {"CONN_MAX_AGE": KEEP_SECONDS if service in BUSY else 0, "CONN_HEALTH_CHECKS": True}
    return {**owner, **identity, **kept, "OPTIONS": options, "TEST": {"MIRROR": None}}


def all_aliases(env: environ.Env, owner: dict[str, Any], *, secret_key: str) -> dict[str, dict[str, Any]]:
    """`default`, the thirteen services, and a `<service>_replica` for each replica that is named.

    PERSONA_DATABASE_URL moves a service to a server of its own, PERSONA_REPLICA_URL gives it a
    read replica; both connect as the URL's own user.
    """
    roles = env.bool("DATABASE_ROLES", default=True)
    prefix = env("DATABASE_ROLE_PREFIX", default="hookloop")
    aliases = {"default": alias_config(owner, PLATFORM, roles=roles, prefix=prefix, secret_key=secret_key)}
    for service in SERVICES:
        own = env(f"{service.upper()}_DATABASE_URL", default="")
        replica = env(f"{service.upper()}_REPLICA_URL", default="")
        aliases[service] = alias_config(
            from_url(own) if own else owner,
            service,
            roles=roles and not own,
            prefix=prefix,
            secret_key=secret_key,
        )
        if replica:
            aliases[f"{service}_replica"] = alias_config(
                from_url(replica), service, roles=False, prefix=prefix, secret_key=secret_key
            )
    return aliases
