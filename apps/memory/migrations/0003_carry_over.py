from typing import Any, ClassVar

from django.db import migrations

from apps.contracts.identity import row_id

#: What a factor answered for while each row learned by itself; the others answered for the total.
COMPONENT = {"hook": "hook", "cut_rate_band": "pacing", "loop_technique": "loop"}
COMPONENTS = ("total", "hook", "pacing", "loop")


def carry_over(apps: Any, schema_editor: Any = None) -> None:
    """Make a short of every job that has evidence, and the sums anew: they had another form before."""
    evidence = apps.get_model("memory", "MemoryEvidence").objects.using("memory").order_by("created_at")
    jobs: dict[Any, list[Any]] = {}
    for one in evidence.filter(source="critic").select_related("memory"):
        jobs.setdefault(one.job_id, []).append(one)
    memories = apps.get_model("memory", "CreativeMemory").objects.using("memory")
    memories.filter(metadata__has_key="weight").update(metadata={})
    if not jobs:
        return
    shorts = apps.get_model("memory", "RememberedShort").objects.using("memory")
    ordinals: dict[str, int] = {}
    for job_id, told in jobs.items():
        platform = told[0].memory.platform
        ordinals[platform] = ordinals.get(platform, 0) + 1
        shorts.get_or_create(job_id=job_id, defaults=_short(job_id, told, platform, ordinals[platform]))
    models = apps.get_model("memory", "PlatformModel").objects.using("memory")
    for platform, count in ordinals.items():
        models.update_or_create(platform=platform, defaults={"shorts": count})
        _rebuild(platform)


def _short(job_id: Any, told: list[Any], platform: str, ordinal: int) -> dict[str, Any]:
    said = {COMPONENT.get(one.memory.type, "total"): one.value for one in told}
    usual = sum(said.values()) / len(said)
    return {
        "id": row_id(job_id, 0, "remembered"),
        "platform": platform,
        "channel": "default",
        "ordinal": ordinal,
        "factors": {one.memory.type: one.memory.reference_id for one in told},
        "critic": {name: said.get(name, usual) for name in COMPONENTS},
    }


def _rebuild(platform: str) -> None:
    from apps.memory import ledger  # the models of today: only a first release's rows ever come here

    ledger.rebuild(platform)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("memory", "0002_learning")]
    operations: ClassVar = [migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=True)]
