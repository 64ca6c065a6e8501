"""Measures the file itself: what players and platforms stumble over. It decides nothing."""

from apps.critic.changes import flashes_a_second
from apps.critic.evidence import Evidence, Reading
from apps.foundation.mp4 import Mp4


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of container, length and flashing."""
    boxes = evidence.boxes
    values = {
        "edit_lists": float(boxes.edit_lists),
        "index_first": float(boxes.index_first),
        "start_offset": start_offset(boxes),
        "duration": evidence.footage.seconds,
        "flashes": float(flashes_a_second(evidence.footage)),
    }
    return tuple(Reading(name=name, value=value) for name, value in values.items())


def start_offset(boxes: Mp4) -> float:
    """Seconds between the starts of the streams; an edit list, a fault of its own, makes up for it."""
    starts = [track.first_offset for track in boxes.tracks]
    return max(starts) - min(starts) if starts and not boxes.edit_lists else 0.0
