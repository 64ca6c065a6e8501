"""The embedded music: a bed composed and synthesised from the timeline. Needs no network and no samples."""

import numpy as np
from numpy.typing import NDArray

from apps.audio.composer import compose
from apps.audio.synth import render
from apps.contracts.media import Timeline


class ComposedMusic:
    """Composer and synthesiser behind the Music protocol."""

    def bed(self, timeline: Timeline, *, samples: int, seed: int) -> NDArray[np.float32]:
        return render(compose(timeline, seed=seed), samples=samples)
