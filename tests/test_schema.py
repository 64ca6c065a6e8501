"""The database is what the user's specification says, column by column, and services are held apart."""

import psycopg
import pytest
from django.apps import apps
from django.db import ProgrammingError, connections, router

from config.services import SERVICES

V = "character varying"
ID, TIME, JSON, FLOAT, INT, TEXT = (
    "uuid",
    "timestamp without time zone",
    "jsonb",
    "double precision",
    "integer",
    "text",
)

#: schema -> table -> column -> (type, length), as specified; further columns are allowed.
SEED = {
    "gateway": {
        "jobs": {
            "id": ID, "status": (V, 20), "request_payload": JSON, "created_at": TIME, "updated_at": TIME,
        },
    },
    "strategy": {
        "platform_profiles": {
            "id": ID, "platform": (V, 30), "ideal_length": INT, "hook_window_seconds": FLOAT,
            "loop_weight": FLOAT, "priority_metrics": JSON, "created_at": TIME,
        },
        "strategy_runs": {
            "id": ID, "job_id": ID, "platform": (V, 30), "strategy_output": JSON, "created_at": TIME,
        },
    },
    "orchestrator": {
        "execution_plans": {
            "id": ID, "job_id": ID, "persona_id": (V, 50), "emotion_curve_id": ID, "hook_type": (V, 50),
            "retry_limit": INT, "current_retry": INT, "status": (V, 20), "created_at": TIME,
        },
        "orchestrator_events": {
            "id": ID, "job_id": ID, "event_type": (V, 50), "metadata": JSON, "created_at": TIME,
        },
    },
    "audience": {
        "audience_profiles": {
            "id": ID, "audience_key": (V, 50), "attention_span": FLOAT, "language_mix": JSON,
            "visual_energy": (V, 20), "emotion_bias": JSON, "created_at": TIME,
        },
    },
    "emotion": {
        "emotion_curves": {
            "id": ID, "name": (V, 50), "timeline": JSON, "platform": (V, 30), "created_at": TIME,
        },
        "emotion_curve_runs": {"id": ID, "job_id": ID, "emotion_curve_id": ID, "created_at": TIME},
    },
    "persona": {
        "personas": {
            "id": (V, 50), "name": (V, 50), "sentence_length": (V, 20), "energy_level": (V, 20),
            "vocabulary_level": (V, 20), "voice_profile": JSON, "created_at": TIME,
        },
        "persona_usage": {"id": ID, "persona_id": (V, 50), "job_id": ID, "created_at": TIME},
    },
    "story": {
        "stories": {"id": ID, "job_id": ID, "total_duration": INT, "created_at": TIME},
        "story_scenes": {
            "id": ID, "story_id": ID, "start_sec": INT, "end_sec": INT, "purpose": (V, 30),
            "narration_text": TEXT, "visual_prompt": TEXT,
        },
    },
    "script": {
        "scripts": {"id": ID, "story_id": ID, "full_script": TEXT, "language": (V, 10), "created_at": TIME},
    },
    "image": {
        "images": {"id": ID, "scene_id": ID, "storage_url": TEXT, "style": (V, 50), "created_at": TIME},
    },
    "video": {
        "videos": {
            "id": ID, "job_id": ID, "storage_url": TEXT, "duration": INT, "resolution": (V, 20),
            "created_at": TIME,
        },
    },
    "audio": {
        "audio_tracks": {
            "id": ID, "script_id": ID, "storage_url": TEXT, "voice_id": (V, 50), "created_at": TIME,
        },
    },
    "critic": {
        "critic_scores": {
            "id": ID, "job_id": ID, "platform": (V, 30), "total_score": FLOAT, "hook_score": FLOAT,
            "pacing_score": FLOAT, "loop_score": FLOAT, "verdict": (V, 20), "created_at": TIME,
        },
        "critic_feedback": {"id": ID, "critic_score_id": ID, "feedback": JSON, "created_at": TIME},
    },
    "memory": {
        "creative_memory": {
            "id": ID, "type": (V, 30), "reference_id": (V, 100), "platform": (V, 30), "score": FLOAT,
            "metadata": JSON, "reuse_count": INT, "created_at": TIME,
        },
        "memory_usage": {"id": ID, "memory_id": ID, "job_id": ID, "used_at": TIME},
    },
}  # fmt: skip

#: Columns that hold one of a list of values, with one that is none of them.
LISTED = [
    ("gateway", "jobs", "status"),
    ("orchestrator", "execution_plans", "status"),
    ("story", "story_scenes", "purpose"),
    ("critic", "critic_scores", "verdict"),
    ("memory", "creative_memory", "type"),
]


def columns(alias: str) -> dict[str, dict[str, object]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, character_maximum_length"
            " FROM information_schema.columns WHERE table_schema = %s",
            [alias],
        )
        found: dict[str, dict[str, object]] = {}
        for table, column, kind, length in cursor.fetchall():
            found.setdefault(table, {})[column] = (kind, length) if length else kind
    return found


def test_the_seed_has_twenty_tables_in_thirteen_schemas() -> None:
    assert set(SEED) == set(SERVICES)
    assert sum(len(tables) for tables in SEED.values()) == 20


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("alias", sorted(SEED))
def test_every_column_is_named_and_typed_as_specified(alias: str) -> None:
    found = columns(alias)

    for table, wanted in SEED[alias].items():
        assert found[table] == {**found[table], **wanted}, table


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("alias", sorted(SEED))
def test_every_table_has_the_specified_primary_key(alias: str) -> None:
    for table in SEED[alias]:
        with connections[alias].cursor() as cursor:
            assert connections[alias].introspection.get_primary_key_column(cursor, table) == "id"


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(("alias", "table", "column"), LISTED)
def test_a_value_that_is_not_listed_is_refused_by_a_check(alias: str, table: str, column: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " JOIN pg_namespace n ON n.oid = t.relnamespace"
            " WHERE n.nspname = %s AND t.relname = %s AND c.contype = 'c'"
            " AND pg_get_constraintdef(c.oid) LIKE %s",
            [alias, table, f"%{column}%"],
        )
        assert cursor.fetchone()[0] >= 1


@pytest.mark.django_db(databases="__all__")
def test_one_services_role_cannot_read_anothers_tables() -> None:
    with connections["persona"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        assert cursor.fetchone() == ("hookloop_persona", "persona")
        with pytest.raises(ProgrammingError, match="permission denied for schema story"):
            cursor.execute("SELECT count(*) FROM story.stories")


def test_no_relation_crosses_a_service() -> None:
    crossings = [
        f"{field.model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
        and router.db_for_write(model) != router.db_for_write(field.related_model)
    ]  # fmt: skip

    assert crossings == []


@pytest.mark.django_db(databases="__all__")
def test_nothing_lives_in_the_public_schema() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(databases="__all__")
def test_provisioning_again_changes_nothing_and_says_so() -> None:
    from config.provisioning import provision

    said: list[str] = []
    before = {alias: columns(alias) for alias in SERVICES}

    provision(said.append)

    assert {alias: columns(alias) for alias in SERVICES} == before
    assert said[-1] == "migrations applied"


def test_a_user_that_may_not_create_roles_is_told_what_to_do() -> None:
    from config import provisioning

    parameters = provisioning.owner_parameters()
    with psycopg.connect(**parameters, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS hookloop_powerless")
        owner.execute("CREATE ROLE hookloop_powerless LOGIN")
        try:
            with (
                psycopg.connect(**{**parameters, "user": "hookloop_powerless"}, autocommit=True) as weak,
                pytest.raises(provisioning.UnableToCreateRoles, match="DATABASE_ROLES=off"),
            ):
                provisioning._create_role(weak, "hookloop_never_made", "x")
        finally:
            owner.execute("DROP ROLE hookloop_powerless")
