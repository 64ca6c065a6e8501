"""What a story claims beyond its sources, scene by scene, as the writer marked it. It knows no sources."""

from collections.abc import Iterator

from apps.critic.evidence import Evidence, Reading


def measure(evidence: Evidence) -> Iterator[Reading]:
    """Figures and names that no source holds: one reading a scene that has any, one of 0 where none has."""
    scenes = evidence.story.scenes
    yield from _counted("unsourced_figures", {s.ordinal: len(s.unsourced) for s in scenes})
    yield from _counted("unsourced_names", {s.ordinal: len(s.unsourced_names) for s in scenes})


def _counted(name: str, found: dict[int, int]) -> Iterator[Reading]:
    if not any(found.values()):
        yield Reading(name=name, value=0.0)
    for ordinal, count in found.items():
        if count:
            yield Reading(name=name, value=float(count), ordinal=ordinal)
