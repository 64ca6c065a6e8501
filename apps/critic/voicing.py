"""Where the voice is in the finished sound, and how far it stands over the rest. No judgement.

The stem says where the voice should be; only what the file really holds counts, so the file is
projected on the stem block by block: what follows the stem is voice, what remains is bed.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from apps.critic.decode import SAMPLE_RATE
from apps.critic.loudness import block_means, k_weighted

#: Seconds of one step of the voice's envelope.
STEP = 0.01
#: dB under its loud moments at which a voice counts as silent.
SILENCE_DEPTH = -32.0
#: Share of the expected amplitude below which the voice did not make it into the file.
LOST = 0.25
#: Seconds the file may be shifted against the stem by codec delay; more than this is late, and heard.
LAG_LIMIT = 0.06
#: Seconds from the start in which the shift is looked for; the whole would find no other.
LAG_WINDOW = 10
#: Seconds under which a pause is articulation and not silence (silencedetect d=.30, field practice).
PAUSE = 0.3
#: LU under the loudest speech at which a block no longer counts as speaking.
SPEAKING_DEPTH = -15.0
#: LU reported where nothing but the voice is there, or nothing but the bed.
ALL_VOICE, NO_VOICE = 60.0, -60.0


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Seconds [start, end) without voice."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class Voicing:
    """`file` and `stem` are mono float32 at 48 kHz, equally long, the stem aligned to the file."""

    file: NDArray[np.float32]
    stem: NDArray[np.float32]

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Whether the voice is heard in each STEP of the file."""
        wanted, heard = _envelope(self.stem), _envelope(self.file)
        if not wanted.size or wanted.max() <= 1e-5:
            return np.zeros(len(wanted), dtype=bool)
        spoken = wanted > np.percentile(wanted[wanted > 1e-5], 95) * 10 ** (SILENCE_DEPTH / 20)
        gain = float(np.median(heard[spoken] / wanted[spoken]))
        return spoken & (heard > LOST * gain * wanted) & (heard > 1e-4)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Every stretch without voice that is longer than PAUSE, also before and after the speech."""
        edges = np.flatnonzero(np.diff(np.concatenate(([1], self.present, [1]))))
        spans = zip(edges[::2] * STEP, edges[1::2] * STEP, strict=True)
        return tuple(Gap(start=float(a), end=float(b)) for a, b in spans if b - a >= PAUSE)

    @property
    def pauses(self) -> tuple[Gap, ...]:
        """The gaps between speech and speech: waiting for the first word is the hook's fault, and
        what follows the last one the loop's."""
        end = len(self.present) * STEP
        return tuple(gap for gap in self.gaps if gap.start > 0 and gap.end < end - STEP / 2)

    @property
    def onset(self) -> float:
        """Seconds until the first speech; the whole length where there is none."""
        return float(np.argmax(self.present)) * STEP if self.present.any() else len(self.present) * STEP

    @property
    def spoken_seconds(self) -> float:
        """Time between the gaps."""
        return max(len(self.present) * STEP - sum(gap.seconds for gap in self.gaps), 0.0)

    def hears(self, start: float, end: float) -> bool:
        """Whether most of what should be said between two seconds can be heard."""
        span = self.present[round(start / STEP) : max(round(end / STEP), round(start / STEP) + 1)]
        return bool(span.size and span.mean() >= 0.5)

    def rest(self, part: slice) -> NDArray[np.float64]:
        """The file's samples in `part` without what follows the voice stem."""
        whole, voice = self.file[part].astype(float), self.stem[part].astype(float)
        energy = float(voice @ voice)
        return whole - (float(whole @ voice) / energy if energy > 1e-9 else 0.0) * voice

    @cached_property
    def over_bed(self) -> float:
        """LU (K-weighted, mono) by which the voice stands over all else while it speaks."""
        voice, rest = _split_powers(k_weighted(self.file), k_weighted(self.stem))
        speaking = voice > voice.max(initial=0.0) * 10 ** (SPEAKING_DEPTH / 10)
        loud, low = float(voice[speaking].sum()), float(rest[speaking].sum())
        if loud <= 1e-9:
            return NO_VOICE
        return min(10 * float(np.log10(loud / max(low, 1e-12))), ALL_VOICE)


def listen(file: NDArray[np.float32], stem: NDArray[np.float32]) -> Voicing:
    """Align the voice stem (mono, 48 kHz, any length) to the file's mono sound."""
    fitted = np.zeros_like(file)
    shared = min(len(file), len(stem))
    fitted[:shared] = stem[:shared]
    return Voicing(file=file, stem=_shift(fitted, _lag(file, fitted)))


def _lag(file: NDArray[np.float32], stem: NDArray[np.float32]) -> int:
    file, stem = file[: LAG_WINDOW * SAMPLE_RATE], stem[: LAG_WINDOW * SAMPLE_RATE]
    if not file.any() or not stem.any():
        return 0
    similarity = correlate(file, stem, mode="same", method="fft")
    centre, limit = len(file) // 2, round(LAG_LIMIT * SAMPLE_RATE)
    near = similarity[max(centre - limit, 0) : centre + limit + 1]
    return int(np.argmax(near)) - min(limit, centre)


def _shift(samples: NDArray[np.float32], lag: int) -> NDArray[np.float32]:
    moved = np.zeros_like(samples)
    if lag >= 0:
        moved[lag:] = samples[: len(samples) - lag]
    else:
        moved[:lag] = samples[-lag:]
    return moved


def _envelope(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    size = round(STEP * SAMPLE_RATE)
    whole = samples[: len(samples) // size * size].reshape(-1, size).astype(float)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)))


def _split_powers(
    file: NDArray[np.float64], stem: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of each block's projection on the stem, and of what remains."""
    whole, wanted, shared = block_means(file**2), block_means(stem**2), block_means(file * stem)
    voice = np.where(shared > 0, shared**2 / np.maximum(wanted, 1e-12), 0.0)
    return voice, np.maximum(whole - voice, 0.0)
