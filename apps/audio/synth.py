"""Plays a composed piece: places notes and strokes, then echo, room, brightness and level. Composes nothing.

Every buffer is circular: what rings past the end is added at the beginning, and filters and the room have
heard the end before they reach the beginning. So the bed loops without a seam, by construction. The last
stages work in place and in blocks: a long bed takes hardly more memory than itself.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from apps.audio import drums, effects, envelopes, instruments
from apps.audio.composer import Hit, Note, Piece, Turn
from apps.audio.effects import Turning
from apps.audio.envelopes import BLOCK
from apps.audio.instruments import Sound
from apps.audio.loudness import SAMPLE_RATE, amplitude

#: Cutoffs of the low-pass bank that follows arousal; between two, their outputs are cross-faded.
BANK = (800.0, 1700.0, 3700.0, 8000.0)
#: Hz under which nothing is kept: no loudspeaker of a phone plays it, and it eats headroom.
RUMBLE = 28.0
#: Seconds in which the room dies away by 60 dB.
ROOM_SECONDS = 1.1
#: Seconds of the end that filters hear before the beginning.
WARM_UP = 0.25
#: Levels of the parts in dB, balanced by ear and meter at full arousal.
LEVELS = {"pad": -21.0, "bass": -9.5, "pluck": -14.0, "lead": -12.0}
#: Share of each part sent into the room, and to the echo.
SENDS = {"pad": 0.3, "bass": 0.0, "pluck": 0.3, "lead": 0.45}
ECHOED = {"pad": 0.0, "bass": 0.0, "pluck": 0.4, "lead": 0.5}
#: Levels of the echo's repeats, and how far to the side they come, left and right in turn.
REPEATS = ((0.45, -0.7), (0.22, 0.7), (0.1, -0.5))
#: dB by which the held parts give way to each kick, and seconds until they are back.
PUMP_DB, PUMP_SECONDS = -4.5, 0.24
#: How hard the whole is driven into its soft limit: peaks are rounded, what lies under half of them is not.
DRIVE = 0.8
#: Samples of one step of brightness and level: 10 ms.
CONTROL = 480


def render(piece: Piece, *, samples: int) -> Sound:
    """The piece as (2, samples) at 48 kHz, not levelled; the last sample leads into the first."""
    stage = _Stage(piece, samples)
    stage.play([note for note in piece.notes if note.part in ("pad", "bass")])
    stage.pump(piece.hits)
    stage.play([note for note in piece.notes if note.part in ("pluck", "lead")])
    instruments.forget()
    stage.echo()
    bed = stage.bed
    _add_room(bed, stage.sent)
    del stage.sent
    _brighten(bed, _curve(_bank_position(piece.cutoff), samples))
    stage.strike(piece.hits)
    _finish(bed, _curve(10.0 ** (piece.level / 20.0), samples))
    if piece.turn is not None:
        stage.turn(piece.turn)
    effects.swell(bed)
    return bed


class _Stage:
    """The buffers while a piece is played."""

    def __init__(self, piece: Piece, samples: int) -> None:
        self.piece = piece
        self.samples = samples
        self.per_beat = samples / piece.beats
        self.bed = np.zeros((2, samples), np.float32)
        self.sent, self.echoed = (np.zeros((1, samples), np.float32) for _ in range(2))

    def play(self, notes: list[Note]) -> None:
        """Add notes; equal ones are made once."""
        for note in notes:
            length = round(note.beats * self.per_beat)
            sound = instruments.play(note.part, self.piece.instruments[note.part], note.pitch, length)
            level = note.velocity * amplitude(LEVELS[note.part])
            self.add(self.bed, note.beat, _panned(sound, note.pan, level))
            for buffer, shares in ((self.sent, SENDS), (self.echoed, ECHOED)):
                if shares[note.part]:
                    middle = sound[:1] if len(sound) == 1 else sound[:1] + sound[1:]
                    self.add(buffer, note.beat, middle * np.float32(shares[note.part] * level / len(sound)))

    def strike(self, hits: tuple[Hit, ...]) -> None:
        """Add the drums."""
        for hit in hits:
            level = hit.velocity * amplitude(drums.LEVELS[hit.drum])
            sound = drums.stroke(self.piece.kit, hit.drum)[np.newaxis]
            self.add(self.bed, hit.beat, _panned(sound, hit.pan, level))

    def pump(self, hits: tuple[Hit, ...]) -> None:
        """A dip of what is held at every kick, so that it is felt without being loud."""
        size = min(int(PUMP_SECONDS * SAMPLE_RATE), self.samples)
        dip = 1.0 - (1.0 - amplitude(PUMP_DB)) * (0.5 + 0.5 * np.cos(np.pi * np.arange(size) / size))
        dip[: size // 48] = np.linspace(1.0, dip[size // 48], size // 48)
        gain = dip.astype(np.float32)
        for hit in hits:
            if hit.drum == "kick":
                start = round(hit.beat * self.per_beat) % self.samples
                over = max(start + size - self.samples, 0)
                self.bed[:, start : start + size] *= gain[: size - over]
                self.bed[:, :over] *= gain[size - over :]

    def echo(self) -> None:
        """Repeats of what was plucked, left and right in turn; then they are heard by the room too."""
        for n, (level, pan) in enumerate(REPEATS, 1):
            late = round(n * self.piece.echo * self.per_beat) % self.samples
            early = self.samples - late
            self.bed[:, late:] += _panned(self.echoed[:, :early], pan, level)
            self.bed[:, :late] += _panned(self.echoed[:, early:], pan, level)
        del self.echoed

    def turn(self, turn: Turn) -> None:
        """The rise, the silence and the strike of the twist."""
        riser, drop, strike = (round(beat * self.per_beat) for beat in (turn.riser, turn.drop, turn.strike))
        turning = Turning(riser=riser, drop=drop, strike=strike)
        effects.silence(self.bed, turning)
        effects.rise(self.bed, turning, self.piece.effect)
        self.add(self.bed, turn.strike, _panned(effects.strike(self.piece.effect // 3)[np.newaxis], 0.0, 1.0))

    def add(self, buffer: Sound, beat: float, sound: Sound) -> None:
        """Add a sound at a beat, its tail wrapped round to the beginning."""
        start = round(beat * self.per_beat) % self.samples
        while sound.shape[1]:
            room = min(self.samples - start, sound.shape[1])
            buffer[:, start : start + room] += sound[:, :room]
            sound, start = sound[:, room:], 0


def _panned(sound: Sound, pan: float, level: float) -> Sound:
    """Equal-power stereo; both sides keep a part of everything, so that mono loses nothing."""
    angle = (pan * 0.6 + 1.0) * np.pi / 4.0
    return sound * np.array([[level * np.cos(angle)], [level * np.sin(angle)]], np.float32)


def _curve(values: NDArray[np.floating], samples: int) -> NDArray[np.floating]:
    """One value each CONTROL samples, gliding from one beat's middle to the next one's; circular."""
    middles = (np.arange(len(values)) + 0.5) * samples / len(values)
    steps = (np.arange(-(-samples // CONTROL)) + 0.5) * CONTROL
    return np.interp(steps, middles, values, period=samples)


# --- the whole bed, in place and in blocks --------------------------------------------------------


@lru_cache(maxsize=1)
def _room_spectra() -> tuple[int, NDArray[np.complexfloating]]:
    """The length and the spectra of a stereo hall: decaying noise, other on each side, dark, 12 ms late."""
    size = int(ROOM_SECONDS * SAMPLE_RATE)
    noise = np.random.default_rng(11).standard_normal((2, size)) * 10.0 ** (-3.0 * np.arange(size) / size)
    noise[:, : int(0.012 * SAMPLE_RATE)] = 0.0
    sections = signal.butter(2, (180.0, 5200.0), "bandpass", fs=SAMPLE_RATE, output="sos")
    dark = signal.sosfilt(sections, noise, axis=1)
    dark /= np.sqrt(np.sum(dark**2, axis=1, keepdims=True))
    return size, fft.rfft(dark.astype(np.float32), fft.next_fast_len(BLOCK + size, real=True), axis=1)


def _add_room(bed: Sound, sent: Sound) -> None:
    """Add what the room answers to `sent`, its tail wrapped round (overlap-add)."""
    size, spectra = _room_spectra()
    length, samples = fft.next_fast_len(BLOCK + size, real=True), bed.shape[1]
    for first in range(0, samples, BLOCK):
        block = sent[0, first : first + BLOCK]
        wet = fft.irfft(fft.rfft(block, length) * spectra, length, axis=1)[:, : len(block) + size]
        start = first
        while wet.shape[1]:
            room = min(samples - start, wet.shape[1])
            bed[:, start : start + room] += wet[:, :room]
            wet, start = wet[:, room:], 0


def _bank_position(cutoff: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.interp(np.log(cutoff), np.log(BANK), np.arange(len(BANK)))


def _brighten(bed: Sound, place: NDArray[np.floating]) -> None:
    """A low-pass whose cutoff goes through BANK as `place` says, one value each CONTROL samples."""
    filters = [_Filter(signal.butter(2, hz, fs=SAMPLE_RATE, output="sos"), bed) for hz in BANK]
    for part, at in envelopes.over(place, CONTROL, bed.shape[1]):
        near = at.min() - 1.0, at.max() + 1.0
        block, bright = bed[:, part], np.zeros_like(bed[:, part])
        for index, filtered in enumerate(filters):
            if near[0] < index < near[1]:
                weight = np.maximum(1.0 - np.abs(at - np.float32(index)), 0.0)
                bright += weight * filtered(block)
            else:
                filtered.rest(block)
        bed[:, part] = bright


def _finish(bed: Sound, level: NDArray[np.floating]) -> None:
    """Level, no rumble, and a soft limit."""
    high_pass = _Filter(signal.butter(1, RUMBLE, "highpass", fs=SAMPLE_RATE, output="sos"), bed)
    for part, gain in envelopes.over(level, CONTROL, bed.shape[1]):
        bed[:, part] = np.tanh(DRIVE * gain * high_pass(bed[:, part])) / np.float32(DRIVE)


class _Filter:
    """A filter that goes through a circular sound in blocks, and has heard the end before the beginning."""

    def __init__(self, sections: NDArray[np.floating], sound: Sound) -> None:
        self.sections = sections.astype(np.float32)
        self.state = np.zeros((len(sections), len(sound), 2), np.float32)
        self.rest(sound)

    def __call__(self, block: Sound) -> Sound:
        filtered, self.state = signal.sosfilt(self.sections, block, axis=1, zi=self.state)
        return filtered

    def rest(self, block: Sound) -> None:
        """Leave a block out: only what is needed to go on after it is heard."""
        self(block[:, -int(WARM_UP * SAMPLE_RATE) :])
