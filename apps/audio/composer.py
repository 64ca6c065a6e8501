"""Writes the bed's notes from a timeline: which mode, chords, patterns and layers play when. Makes no sound.

Cues follow Eerola, Friberg & Bresin 2013 (mode > tempo > register > dynamics > timbre, linear and additive):
valence sets mode and register; arousal sets density, percussion, brightness and level. Everything else (key,
progression, patterns, timbre) is the seed's choice, so that two videos of one mood do not share their music.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.contracts.media import Timeline
from apps.contracts.story import Purpose

BEATS_PER_BAR = 4
#: Semitones above the tonic, darkest mode first; valence climbs this ladder.
MODES = {
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}
#: The valence at which the ladder's next rung begins.
MODE_STEPS = (-0.55, -0.15, 0.15, 0.45, 0.75)
#: Four-bar progressions as scale degrees from 0; each mode family has its own, none ends on the tonic,
#: so that the last bar leads into the first.
PROGRESSIONS = {
    "dark": ((0, 5, 2, 6), (0, 3, 5, 6), (0, 5, 3, 6), (0, 2, 5, 6), (0, 6, 5, 6)),
    "bright": ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 5, 4), (0, 2, 3, 4), (0, 3, 1, 4)),
}
#: Orders in which chord tones (counted upwards, past the octave) are plucked.
ARPEGGIOS = ((0, 1, 2, 3, 2, 1), (0, 2, 1, 3), (3, 2, 1, 0), (0, 1, 2, 4, 3, 1), (0, 2, 3, 1, 2, 4, 3, 2))
#: Beats within two bars on which the motif's notes fall.
MOTIFS = ((0.5, 1.5, 3.0, 6.5), (0.0, 0.75, 1.5, 5.5), (1.0, 2.0, 3.5, 5.0, 6.0), (0.5, 2.5, 4.5, 5.25))
#: Arousal from which the first, second and third percussion layer plays.
PERCUSSION_STEPS = (-0.25, 0.25, 0.6)
#: Semitones by which the register rises at valence 1 and falls at -1.
REGISTER_SHIFT = 5.0
#: MIDI number around which chords are voiced: under most speech melodies, over the bass.
CENTRE = 60
#: Hz of the low-pass at arousal -1 and 1, log-linear between.
DULL, BRILLIANT = 800.0, 8000.0
#: dB of the quietest arousal; the liveliest is 0.
QUIETEST = -6.0
#: Seconds of silence wanted before the twist: the beat, or half of it, that lies between.
DROP_SECONDS = (0.3, 0.6)
#: Seconds of the swell that leads from the end back into the beginning.
PICKUP_SECONDS = 0.6
#: Seconds a riser climbs at most.
RISER_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class Note:
    """`part` plays MIDI `pitch` at `beat` for `beats`; velocity in (0, 1], pan in [-1, 1]."""

    part: str
    beat: float
    beats: float
    pitch: int
    velocity: float
    pan: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A drum stroke."""

    drum: str
    beat: float
    velocity: float
    pan: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The twist, in beats: the riser starts, everything falls silent, the next chord strikes."""

    riser: float
    drop: float
    strike: float


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A whole bed, circular: what rings past the last beat rings on under the first.

    `cutoff` (Hz) and `level` (dB) have one value each beat.
    """

    beats: int
    notes: tuple[Note, ...]
    hits: tuple[Hit, ...]
    cutoff: NDArray[np.floating]
    level: NDArray[np.floating]
    turn: Turn | None
    pluck: str
    tonic: int
    modes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Style:
    """The seed's choices."""

    tonic: int
    dark: tuple[int, ...]
    bright: tuple[int, ...]
    arpeggio: tuple[int, ...]
    motif: tuple[float, ...]
    motif_tones: tuple[int, ...]
    pluck: str
    bass: int
    groove: int


def compose(timeline: Timeline, *, seed: int) -> Piece:
    """The bed for `timeline`: `bars` whole bars, the same for the same seed."""
    rng = np.random.default_rng(seed)
    style = _style(rng)
    beats = timeline.bars * BEATS_PER_BAR
    valence, arousal = moods(timeline, beats)
    chords = _chords(style, valence.reshape(-1, BEATS_PER_BAR).mean(axis=1))
    notes = [
        *_pads(chords, arousal),
        *_bass(chords, arousal, style),
        *_arpeggio(chords, arousal, style, rng),
        *_motif(chords, arousal, style),
    ]
    return Piece(
        beats=beats,
        notes=tuple(notes),
        hits=(*_percussion(arousal, style, rng), _pickup(timeline, beats)),
        cutoff=DULL * (BRILLIANT / DULL) ** ((arousal + 1.0) / 2.0),
        level=QUIETEST * (1.0 - arousal) / 2.0,
        turn=_turn(timeline, beats),
        pluck=style.pluck,
        tonic=style.tonic,
        modes=tuple(mode_at(v) for v in valence.reshape(-1, BEATS_PER_BAR).mean(axis=1)),
    )


def mode_at(valence: float) -> str:
    """The rung of the mode ladder for a valence."""
    return list(MODES)[int(np.searchsorted(MODE_STEPS, valence, side="right"))]


def moods(timeline: Timeline, beats: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Valence (gliding from shot to shot) and arousal (each shot's own) at the middle of every beat."""
    at = (np.arange(beats) + 0.5) * timeline.total_ms / beats
    middles = np.array([(s.start_ms + s.end_ms) / 2.0 for s in timeline.shots])
    valence = np.interp(at, middles, [s.valence for s in timeline.shots], period=timeline.total_ms)
    inside = np.searchsorted([s.start_ms for s in timeline.shots], at, side="right") - 1
    arousal = np.array([s.arousal for s in timeline.shots])[np.maximum(inside, 0)]
    return np.clip(valence, -1.0, 1.0), np.clip(arousal, -1.0, 1.0)


def _style(rng: np.random.Generator) -> _Style:
    def pick(options: Sequence) -> tuple:
        return options[int(rng.integers(len(options)))]

    return _Style(
        tonic=int(rng.integers(12)),
        dark=pick(PROGRESSIONS["dark"]),
        bright=pick(PROGRESSIONS["bright"]),
        arpeggio=pick(ARPEGGIOS),
        motif=pick(MOTIFS),
        motif_tones=tuple(int(tone) for tone in rng.integers(0, 4, size=5)),
        pluck=str(rng.choice(["string", "bell", "marimba", "keys"])),
        bass=int(rng.integers(3)),
        groove=int(rng.integers(3)),
    )


def _chords(style: _Style, valence: NDArray[np.floating]) -> list[tuple[int, ...]]:
    """One chord for each bar: bass tone first, then three voiced tones near the centre of the register."""
    chords, centre = [], CENTRE + REGISTER_SHIFT * float(valence.mean())
    for bar, v in enumerate(valence.tolist()):
        scale = MODES[mode_at(v)]
        degrees = style.bright if v >= MODE_STEPS[2] else style.dark
        last = bar == len(valence) - 1 and bar % 4 != 3
        degree = degrees[3] if last else degrees[bar % 4]
        tones = [style.tonic + _degree(scale, degree + third) for third in (0, 2, 4)]
        chords.append((36 + tones[0] % 12, *sorted(_nearest(tone, centre) for tone in tones)))
    return chords


def _degree(scale: tuple[int, ...], degree: int) -> int:
    return scale[degree % 7] + 12 * (degree // 7)


def _nearest(tone: int, centre: float) -> int:
    """The octave of `tone` that lies nearest to `centre`."""
    return tone + 12 * round((centre - tone) / 12.0)


def _tone(chord: tuple[int, ...], step: int) -> int:
    """The `step`-th chord tone upwards from the lowest voiced one, on into the next octaves."""
    voiced = chord[1:]
    return voiced[step % 3] + 12 * (step // 3)


def _pads(chords: list[tuple[int, ...]], arousal: NDArray[np.floating]) -> list[Note]:
    """Held chords, overlapping a little: they hide the seam and carry the quiet passages."""
    return [
        Note(part="pad", beat=bar * 4.0, beats=4.4, pitch=pitch, velocity=0.5, pan=pan)
        for bar, chord in enumerate(chords)
        for pitch, pan in zip(chord[1:], (-0.5, 0.0, 0.5), strict=True)
    ]


def _bass(chords: list[tuple[int, ...]], arousal: NDArray[np.floating], style: _Style) -> list[Note]:
    """Whole notes when calm, then halves and quarters, then driving eighths."""
    notes = []
    for beat, a in enumerate(arousal.tolist()):
        root = chords[beat // 4][0]
        if a > PERCUSSION_STEPS[2]:
            octave = (0, 12, 0) if style.bass == 1 else (0, 0, 0)
            notes += [
                _low(beat + half * 0.5, 0.42, root + octave[half], 0.8 - 0.15 * half) for half in (0, 1)
            ]
        elif a > PERCUSSION_STEPS[1]:
            rests = (style.bass == 2 and beat % 4 == 1, style.bass == 1 and beat % 4 == 3)
            notes += [] if any(rests) else [_low(beat, 0.8, root, 0.75)]
        elif beat % 4 == 0 or (a > PERCUSSION_STEPS[0] and beat % 4 == 2):
            notes.append(_low(beat, 1.9, root, 0.7))
    return notes


def _low(beat: float, beats: float, pitch: int, velocity: float) -> Note:
    return Note(part="bass", beat=beat, beats=beats, pitch=pitch, velocity=velocity)


def _arpeggio(
    chords: list[tuple[int, ...]], arousal: NDArray[np.floating], style: _Style, rng: np.random.Generator
) -> list[Note]:
    """Plucked chord tones: one, two or four to the beat, as arousal rises; none when it is very low."""
    notes, step = [], 0
    for beat, a in enumerate(arousal.tolist()):
        density = 0 if a < -0.5 else 1 if a < 0.0 else 2 if a < 0.5 else 4
        for k in range(density):
            tone = style.arpeggio[step % len(style.arpeggio)]
            velocity = (0.75 if k == 0 else 0.5) * float(rng.uniform(0.8, 1.0))
            pan = 0.45 if step % 2 else -0.45
            pitch = _tone(chords[beat // 4], tone) + 12
            place = beat + k / density
            notes.append(Note(part="pluck", beat=place, beats=1.0, pitch=pitch, velocity=velocity, pan=pan))
            step += 1
    return notes


def _motif(chords: list[tuple[int, ...]], arousal: NDArray[np.floating], style: _Style) -> list[Note]:
    """A short figure every two bars that a listener comes to know; sparse, since somebody speaks over it."""
    notes = []
    for start in range(0, len(chords) * 4, 8):
        for offset, tone in zip(style.motif, style.motif_tones, strict=False):
            beat = start + offset
            if beat < len(arousal) and arousal[int(beat)] > -0.2:
                pitch = _tone(chords[int(beat) // 4], tone) + 24
                notes.append(Note(part="lead", beat=beat, beats=1.5, pitch=pitch, velocity=0.45))
    return notes


_KICKS = ((0.0, 2.0), (0.0, 2.5), (0.0, 1.75, 2.5))


def _percussion(arousal: NDArray[np.floating], style: _Style, rng: np.random.Generator) -> list[Hit]:
    """Three layers: a soft pulse, then backbeat and hats, then sixteenths and a four-on-the-floor kick."""
    hits: list[Hit] = []
    for beat, a in enumerate(arousal.tolist()):
        layers = int(np.searchsorted(PERCUSSION_STEPS, a, side="right"))
        if layers >= 1:
            kicks = (beat % 4,) if layers == 3 else _KICKS[style.groove]
            hits += [
                Hit(drum="kick", beat=beat - beat % 4 + k, velocity=0.9) for k in kicks if int(k) == beat % 4
            ]
            hits += [Hit(drum="shaker", beat=beat + k / 2, velocity=(0.5, 0.35)[k], pan=0.35) for k in (0, 1)]
        if layers >= 2:
            hits += [Hit(drum="clap", beat=beat, velocity=0.7)] if beat % 2 else []
            hits.append(Hit(drum="hat", beat=beat + 0.5, velocity=0.6, pan=-0.3))
        if layers == 3:
            loudness = rng.uniform(0.2, 0.45, size=4)
            hits += [
                Hit(drum="hat", beat=beat + k / 4, velocity=float(loudness[k]), pan=-0.3) for k in (0, 1, 3)
            ]
    return hits


def _pickup(timeline: Timeline, beats: int) -> Hit:
    """A swell that ends where the loop begins again: it carries the ear over the seam."""
    return Hit(drum="swell", beat=beats - PICKUP_SECONDS * 1000.0 * beats / timeline.total_ms, velocity=1.0)


def _turn(timeline: Timeline, beats: int) -> Turn | None:
    """Where the riser, the drop-out and the strike of the twist lie; None where none comes after 2 s."""
    beat_ms = timeline.total_ms / beats
    twists = [s.start_ms for s in timeline.shots if s.purpose == Purpose.TWIST and s.start_ms >= 2000]
    if not twists:
        return None
    strike = twists[0] / beat_ms
    seconds = beat_ms / 1000.0
    silence = 1.0 if DROP_SECONDS[0] <= seconds <= DROP_SECONDS[1] else 0.5
    climb = min(RISER_SECONDS / seconds, 4.0, strike)
    return Turn(riser=strike - climb, drop=strike - silence, strike=strike)
