"""Roles, schemas and migrations for every alias. May be run again at any time."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import errors, sql

from config.services import PLATFORM, SERVICES

#: Advisory lock that keeps two provisioning runs from racing; any constant will do.
PROVISION_LOCK = 0x686F6F6B
#: Connections one service's role may hold: far above the default set-up's need, far below ruin.
CONNECTION_LIMIT = 60

Say = Callable[[str], object]


class UnableToCreateRoles(RuntimeError):
    """The database user may not create roles, which is how services are held apart.

    Either grant it once (`ALTER ROLE ... CREATEROLE`) and run `manage.py provision` again, or set
    DATABASE_ROLES=off: every service then connects as that one user, kept to its own schema by
    search_path alone, and the database no longer refuses a query across services.
    """

    def __init__(self, user: str) -> None:
        super().__init__(f"Database user {user!r} may not create roles.\n{self.__doc__}")


def provision(say: Say = print) -> None:
    """Create what is missing of roles and schemas, then migrate every alias.

    Raises UnableToCreateRoles.
    """
    with psycopg.connect(**owner_parameters(), autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [PROVISION_LOCK])
        for service in (PLATFORM, *SERVICES):
            _prepare(owner, service)
        say(f"{len(SERVICES) + 1} schemas ready in {settings.DATABASE_OWNER['NAME']}")
        _prepare_moved_services(say)
        _migrate(say)


def owner_parameters() -> dict[str, Any]:
    owner = settings.DATABASE_OWNER
    named = {
        "host": owner.get("HOST"),
        "port": owner.get("PORT"),
        "user": owner.get("USER"),
        "password": owner.get("PASSWORD"),
        "dbname": owner["NAME"],
    }
    return {**{k: v for k, v in named.items() if v}, **owner.get("OPTIONS", {})}


def _prepare(owner: psycopg.Connection, service: str) -> None:
    alias = settings.DATABASES["default" if service == PLATFORM else service]
    if alias["USER"] == settings.DATABASE_OWNER.get("USER"):
        _create_schema(owner, service, None)
    elif _is_ours(alias):
        _create_role(owner, alias["USER"], alias["PASSWORD"])
        _create_schema(owner, service, alias["USER"])


def _is_ours(alias: dict[str, Any]) -> bool:
    """Whether the alias is on the owner's server, not on one that a *_DATABASE_URL names."""
    return all(alias.get(k) == settings.DATABASE_OWNER.get(k) for k in ("HOST", "PORT", "NAME"))


def _create_role(owner: psycopg.Connection, role: str, password: str) -> None:
    known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if known and _can_log_in(owner, role, password):
        return
    if not _may_create_roles(owner):
        raise UnableToCreateRoles(owner.info.user)
    name = sql.Identifier(role)
    # Only the verifier is sent, so the password is in no server log.
    verifier = owner.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statements = (
        sql.SQL("ALTER ROLE {} LOGIN NOINHERIT CONNECTION LIMIT {} PASSWORD {}").format(
            name, sql.Literal(CONNECTION_LIMIT), sql.Literal(verifier)
        ),
        # A creator that is no superuser must be a member to hand a schema over.
        sql.SQL("GRANT {} TO CURRENT_USER").format(name),
    )
    _patiently(owner, sql.SQL("CREATE ROLE {} LOGIN").format(name) if not known else None, *statements)


def _patiently(owner: psycopg.Connection, *statements: sql.Composed | None) -> None:
    """Run statements about roles, which belong to the whole server: another installation on it may be
    provisioned at the same moment, and Postgres then refuses one of the two."""
    for statement in filter(None, statements):
        for pause in (0.1, 0.3, 1.0, None):
            try:
                owner.execute(statement)
                break
            except (errors.DuplicateObject, errors.UniqueViolation):
                break
            except errors.InternalError_:
                if pause is None:
                    raise
                time.sleep(pause)


def _can_log_in(owner: psycopg.Connection, role: str, password: str) -> bool:
    try:
        psycopg.connect(**{**owner_parameters(), "user": role, "password": password}).close()
    except psycopg.OperationalError:
        return False
    return True


def _may_create_roles(owner: psycopg.Connection) -> bool:
    row = owner.execute(
        "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return bool(row and row[0])


def _create_schema(owner: psycopg.Connection, service: str, role: str | None) -> None:
    schema = sql.Identifier(service)
    if role is None:
        owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))
        return
    name = sql.Identifier(role)
    owner.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(schema, name))
    owner.execute(sql.SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC").format(schema))
    database = sql.Identifier(settings.DATABASE_OWNER["NAME"])
    # Also on the role: dbshell and pgbouncer drop the option that Django sends.
    _patiently(
        owner, sql.SQL("ALTER ROLE {} IN DATABASE {} SET search_path = {}").format(name, database, schema)
    )


def _prepare_moved_services(say: Say) -> None:
    """A service on a server of its own gets its schema there, made by its own URL's user."""
    from django.db import connections

    for service in SERVICES:
        if not _is_ours(settings.DATABASES[service]):
            with connections[service].cursor() as cursor:
                cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{service}"')
            say(f"{service} lives on {settings.DATABASES[service]['HOST']}")


def _migrate(say: Say) -> None:
    call_command("migrate", database="default", interactive=False, verbosity=0)
    for service in SERVICES:
        call_command("migrate", service, database=service, interactive=False, verbosity=0)
    from config.roles import make_roles  # needs the models, which provisioning is imported before

    make_roles()
    say("migrations applied")
