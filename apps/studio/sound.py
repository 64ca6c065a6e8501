"""How loud a finished video is, as the gateway heard it; for whoever draws it."""

from apps.gateway.interface import LEVELS_FLOOR_DB as FLOOR_DB
from apps.gateway.interface import LEVELS_STEP as STEP
from apps.gateway.interface import levels

__all__ = ["FLOOR_DB", "STEP", "levels"]
