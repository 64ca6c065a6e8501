"""Makes speech a little longer or shorter at the same pitch. Only by small factors: more is heard."""

from dataclasses import replace

import numpy as np

from apps.audio.providers import Utterance
from apps.foundation import ffmpeg

#: Seconds one line may take; it needs a tenth.
TIMEOUT = 30.0


def stretch(spoken: Utterance, factor: float) -> Utterance:
    """`spoken` lasting `factor` times as long, its marks moved along.

    Waveform-similarity overlap-add, as ffmpeg's atempo does it (Verhelst and Roelands 1993).
    """
    stream = ["-f", "f32le", "-ar", str(spoken.sample_rate), "-ac", "1"]
    raw, _ = ffmpeg.run(
        [*stream, "-i", "pipe:0", "-af", f"atempo={1.0 / factor:.6f}", *stream, "pipe:1"],
        data=spoken.samples.astype("<f4").tobytes(),
        timeout=TIMEOUT,
    )
    wanted = round(len(spoken.samples) * factor)
    heard = np.frombuffer(raw, "<f4")[:wanted]
    return replace(
        spoken,
        samples=np.pad(heard, (0, wanted - len(heard))),
        marks=tuple(replace(mark, ms=mark.ms * factor) for mark in spoken.marks),
    )
