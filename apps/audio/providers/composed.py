"""The embedded music: a bed composed and synthesised from the timeline. Needs no network and no samples."""

from apps.audio.composer import compose
from apps.audio.providers import Bed
from apps.audio.synth import render
from apps.contracts.media import Timeline


class ComposedMusic:
    """Composer and synthesiser behind the Music protocol."""

    def missing(self) -> str:
        return ""

    def bed(self, timeline: Timeline, *, samples: int, seed: int) -> Bed:
        return Bed(samples=render(compose(timeline, seed=seed), samples=samples))
