"""How a curated thing performs, as memory learned it: asked of the gateway's door, drawn for the admin."""

from collections.abc import Iterable
from typing import Any

from django import template

from apps.contracts.performance import Standing
from apps.gateway import interface as gateway

register = template.Library()
#: Width of an interval's drawing, SVG units, and points of room beside the widest one.
WIDTH, ROOM = 200.0, 2.0


@register.inclusion_tag("admin/standings.html")
def standings(kind: str, reference_id: str = "") -> dict[str, Any]:
    """The places of one thing of a `kind`, or of all of them, on every platform that has a leaderboard."""
    boards = []
    for platform in gateway.platforms():
        rows = _rows(gateway.leaderboard(platform.platform, kind), reference_id)
        if rows:
            boards.append({"platform": platform.name, "rows": rows})
    return {"boards": boards, "one": bool(reference_id), "width": WIDTH}


def _rows(board: Iterable[Standing], reference_id: str) -> list[dict[str, Any]]:
    """Every place with its interval, all drawn on one scale."""
    ranked = sorted(board, key=lambda row: -row.mean)
    least = min((row.low for row in ranked), default=0.0) - ROOM
    most = max((row.high for row in ranked), default=100.0) + ROOM
    unit = WIDTH / (most - least)
    return [
        {
            "place": place,
            "of": len(ranked),
            "row": row,
            "x": round((row.low - least) * unit, 1),
            "width": round((row.high - row.low) * unit, 1),
            "at": round((row.mean - least) * unit - 2, 1),
        }
        for place, row in enumerate(ranked, start=1)
        if reference_id in ("", row.reference_id)
    ]
