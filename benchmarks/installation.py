"""An installation of a benchmark's own under var/bench, with instant stages where asked for."""

import os
import shutil
from pathlib import Path

from config.embedded import wait_until_stopped

ROOT = Path(__file__).resolve().parent.parent
#: Seconds that an earlier run's servers may take to stop.
STOP_TIMEOUT = 20.0


def fresh(name: str, **environment: str) -> Path:
    """Point this process and its children at an empty installation; call before Django is set up."""
    var = ROOT / "var" / "bench" / name
    if not wait_until_stopped(var / "servers", STOP_TIMEOUT):
        raise SystemExit(f"Something still uses {var}: stop it first.")
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
