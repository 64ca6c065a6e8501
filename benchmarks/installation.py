"""An installation of a benchmark's own under var/bench, with instant stages where asked for."""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def fresh(name: str, **environment: str) -> Path:
    """Point this process and its children at an empty installation; call before Django is set up."""
    var = ROOT / "var" / "bench" / name
    shutil.rmtree(var, ignore_errors=True)
    for variable in ("DATABASE_URL", "BROKER_URL"):
        os.environ.pop(variable, None)
    os.environ.update(
        VAR=str(var), DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING", **environment
    )
    return var


def prepare() -> None:
    """Set Django up, provision and seed."""
    import django

    django.setup()
    from apps.orchestrator import interface as orchestrator
    from config.provisioning import provision

    provision(lambda line: None)
    orchestrator.seed()


def bench(**figures: float) -> None:
    """Print one line a figure."""
    for name, value in figures.items():
        print(f"BENCH {name}={value:.4g}", flush=True)
