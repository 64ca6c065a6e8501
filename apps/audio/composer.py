"""Writes the bed's notes from a timeline: which mode, chords, patterns and layers play when. Makes no sound.

Cues follow Eerola, Friberg & Bresin 2013 (mode > tempo > register > dynamics > timbre, linear and additive):
valence sets mode and register; arousal sets density, percussion, brightness and level. Everything else (key,
progression, patterns, timbre) is the seed's choice, so that two videos of one mood do not share their music.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.audio import patterns
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
    """A stroke of one of the kit's drums."""

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

    `cutoff` (Hz) and `level` (dB) have one value each beat. `instruments` names what plays each part, `kit`
    the drums; `echo` is in beats; `effect` numbers the sounds of the turn.
    """

    beats: int
    notes: tuple[Note, ...]
    hits: tuple[Hit, ...]
    cutoff: NDArray[np.floating]
    level: NDArray[np.floating]
    turn: Turn | None
    instruments: dict[str, str]
    kit: str
    echo: float
    effect: int
    tonic: int
    modes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Style:
    """The seed's choices."""

    tonic: int
    dark: tuple[int, ...]
    bright: tuple[int, ...]
    held: int
    colour: tuple[int, ...]
    arpeggio: tuple[int, ...]
    holes: tuple[int, ...]
    pace: float
    motif: tuple[float, ...]
    motif_tones: tuple[int, ...]
    instruments: dict[str, str]
    bass: tuple[tuple[float, int], ...]
    kicks: tuple[float, ...]
    backbeat: tuple[float, ...]
    hats: tuple[float, ...]
    opens: tuple[float, ...]
    swing: float
    four: bool
    kit: str
    echo: float
    effect: int


def compose(timeline: Timeline, *, seed: int) -> Piece:
    """The bed for `timeline`: `bars` whole bars from its first sample on, the same for the same seed."""
    rng = np.random.default_rng(seed)
    beats = timeline.bars * BEATS_PER_BAR
    valence, arousal = moods(timeline, beats)
    style = _style(rng, float(valence.mean()), float(arousal.mean()))
    by_bar = valence.reshape(-1, BEATS_PER_BAR).mean(axis=1)
    chords = _chords(style, by_bar)
    notes = [
        *_pads(chords),
        *_bass(chords, arousal, style),
        *_arpeggio(chords, arousal, style, rng),
        *_motif(chords, arousal, style),
    ]
    return Piece(
        beats=beats,
        notes=tuple(notes),
        hits=(*_percussion(arousal, style, rng), *_fills(timeline, arousal)),
        cutoff=DULL * (BRILLIANT / DULL) ** ((arousal + 1.0) / 2.0),
        level=QUIETEST * (1.0 - arousal) / 2.0,
        turn=turn(timeline, beats),
        instruments=style.instruments,
        kit=style.kit,
        echo=style.echo,
        effect=style.effect,
        tonic=style.tonic,
        modes=tuple(mode_at(v) for v in by_bar),
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


def _style(rng: np.random.Generator, valence: float, arousal: float) -> _Style:
    """The seed's choices, leaning to what suits the video's mood."""

    def pick(options: tuple) -> Any:
        return options[int(rng.integers(len(options)))]

    def lean(options: dict[str, tuple[float, float]], towards: float) -> str:
        share = (np.clip(towards, -1.0, 1.0) + 1.0) / 2.0
        weights = np.array([low + share * (high - low) for low, high in options.values()])
        return str(rng.choice(list(options), p=weights / weights.sum()))

    return _Style(
        tonic=int(rng.integers(12)),
        dark=pick(patterns.PROGRESSIONS["dark"]),
        bright=pick(patterns.PROGRESSIONS["bright"]),
        held=pick((1, 1, 2)),
        colour=pick(patterns.COLOURS),
        arpeggio=pick(patterns.ARPEGGIOS),
        holes=pick(patterns.HOLES),
        pace=pick((0.5, 1.0, 1.0, 1.0)),
        motif=pick(patterns.MOTIFS),
        motif_tones=tuple(int(tone) for tone in rng.integers(0, 5, size=5)),
        instruments={
            "pad": lean(patterns.PADS, valence),
            "bass": lean(patterns.BASSES, arousal),
            "pluck": lean(patterns.PLUCKS, valence),
            "lead": pick(patterns.LEADS),
        },
        bass=pick(patterns.BASS_LINES),
        kicks=pick(patterns.KICKS),
        backbeat=pick(patterns.BACKBEATS),
        hats=pick(patterns.HATS),
        opens=pick(patterns.OPENS),
        swing=pick(patterns.SWINGS),
        four=bool(rng.integers(2)),
        kit=lean(patterns.KITS, arousal),
        echo=pick(patterns.ECHOES),
        effect=int(rng.integers(9)),
    )


def _swung(beat: float, swing: float) -> float:
    """The beat at which a player who swings plays what is written at `beat`."""
    whole, part = divmod(beat, 1.0)
    half = 0.5 + swing
    return whole + (part * half / 0.5 if part < 0.5 else half + (part - 0.5) * (1.0 - half) / 0.5)


def _chords(style: _Style, valence: NDArray[np.floating]) -> list[tuple[int, ...]]:
    """One chord for each bar: bass tone first, then its voiced tones near the centre of the register."""
    chords, centre = [], CENTRE + REGISTER_SHIFT * float(valence.mean())
    for bar, v in enumerate(valence.tolist()):
        scale = MODES[mode_at(v)]
        degrees = style.bright if v >= MODE_STEPS[2] else style.dark
        last = bar == len(valence) - 1 and bar // style.held % 4 != 3
        degree = degrees[3] if last else degrees[bar // style.held % 4]
        tones = [style.tonic + _degree(scale, degree + third) for third in style.colour]
        chords.append((36 + (style.tonic + _degree(scale, degree)) % 12, *_voiced(tones, centre)))
    return chords


def _voiced(tones: list[int], centre: float) -> list[int]:
    """Every tone in the octave nearest to `centre`; neighbours a semitone apart are moved from each other."""
    near = sorted(_nearest(tone, centre) for tone in tones)
    clash = next((n for n in range(len(near) - 1) if near[n + 1] - near[n] < 2), None)
    if clash is not None:
        near[clash] -= 12
    return sorted(near)


def _degree(scale: tuple[int, ...], degree: int) -> int:
    return scale[degree % 7] + 12 * (degree // 7)


def _nearest(tone: int, centre: float) -> int:
    """The octave of `tone` that lies nearest to `centre`."""
    return tone + 12 * round((centre - tone) / 12.0)


def _tone(chord: tuple[int, ...], step: int) -> int:
    """The `step`-th chord tone upwards from the lowest voiced one, on into the next octaves."""
    voiced = chord[1:]
    return voiced[step % len(voiced)] + 12 * (step // len(voiced))


def _pads(chords: list[tuple[int, ...]]) -> list[Note]:
    """Held chords, overlapping a little: they hide the seam and carry the quiet passages."""
    return [
        Note(
            part="pad",
            beat=bar * 4.0,
            beats=4.4,
            pitch=pitch,
            velocity=0.5 * (3 / len(chord[1:])) ** 0.5,
            pan=pan,
        )
        for bar, chord in enumerate(chords)
        for pitch, pan in zip(chord[1:], np.linspace(-0.5, 0.5, len(chord) - 1).tolist(), strict=True)
    ]


def _bass(chords: list[tuple[int, ...]], arousal: NDArray[np.floating], style: _Style) -> list[Note]:
    """Whole notes when calm, then with the kick, then a driving line."""
    notes = []
    for beat, a in enumerate(arousal.tolist()):
        root = chords[beat // 4][0]
        if a > PERCUSSION_STEPS[2]:
            places = [at for at, _ in style.bass] + [1.0]
            lengths = [0.85 * (after - at) for at, after in pairwise(places)]
            notes += [
                _low(_swung(beat + at, style.swing), length, root + up, 0.8 - 0.1 * (at > 0))
                for (at, up), length in zip(style.bass, lengths, strict=True)
            ]
        elif a > PERCUSSION_STEPS[1]:
            own = [k for k in style.kicks if int(k) == beat % 4] or ([beat % 4] if beat % 4 == 0 else [])
            notes += [_low(_swung(beat - beat % 4 + k, style.swing), 0.8, root, 0.75) for k in own]
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
        density = max(int(density * style.pace), min(density, 1))
        for k in range(density):
            place = beat + k / density
            if int(place * 4) % 8 in style.holes:
                continue
            tone = style.arpeggio[step % len(style.arpeggio)]
            velocity = (0.75 if k == 0 else 0.5) * float(rng.uniform(0.8, 1.0))
            pan = 0.45 if step % 2 else -0.45
            pitch = _tone(chords[beat // 4], tone) + 12
            at = _swung(place, style.swing)
            notes.append(Note(part="pluck", beat=at, beats=1.0, pitch=pitch, velocity=velocity, pan=pan))
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
                at = _swung(beat, style.swing)
                notes.append(Note(part="lead", beat=at, beats=1.5, pitch=pitch, velocity=0.45))
    return notes


def _percussion(arousal: NDArray[np.floating], style: _Style, rng: np.random.Generator) -> list[Hit]:
    """Three layers: a soft pulse, then backbeat and hats, then more of both and a kick that drives."""
    hits: list[Hit] = []
    for beat, a in enumerate(arousal.tolist()):
        layers = int(np.searchsorted(PERCUSSION_STEPS, a, side="right"))
        bar, four = beat - beat % 4, layers == 3 and style.four
        if layers >= 1:
            hits += _strokes("kick", bar, (beat % 4,) if four else style.kicks, beat, 0.9)
            hits += [Hit(drum="shaker", beat=beat + k / 2, velocity=(0.5, 0.35)[k], pan=0.35) for k in (0, 1)]
        if layers >= 2:
            hits += _strokes("clap", bar, style.backbeat, beat, 0.7)
            hits += _strokes("open", bar, style.opens, beat, 0.5, pan=-0.3)
            hits += [
                Hit(drum="hat", beat=beat + k, velocity=0.6 - 0.2 * (k == 0), pan=-0.3) for k in style.hats
            ]
        if layers == 3:
            loudness = rng.uniform(0.2, 0.45, size=4)
            more = [k / 4 for k in range(4) if k / 4 not in style.hats]
            hits += [
                Hit(drum="hat", beat=beat + k, velocity=float(loudness[int(4 * k)]), pan=-0.3) for k in more
            ]
    return [replace(hit, beat=_swung(hit.beat, style.swing)) for hit in hits]


def _strokes(
    drum: str, bar: int, places: Sequence[float], beat: int, velocity: float, pan: float = 0.0
) -> list[Hit]:
    """The strokes of a bar's pattern that fall into one beat."""
    return [
        Hit(drum=drum, beat=bar + k, velocity=velocity * (1.0 if k == int(k) else 0.85), pan=pan)
        for k in places
        if int(k) == beat % 4
    ]


def _fills(timeline: Timeline, arousal: NDArray[np.floating]) -> list[Hit]:
    """Two beats of toms into every shot that is livelier than the one before, unless it is the twist."""
    per_ms = len(arousal) / timeline.total_ms
    hits: list[Hit] = []
    for before, shot in pairwise(timeline.shots):
        beat = round(shot.start_ms * per_ms)
        if shot.arousal > before.arousal + 0.1 and shot.purpose != Purpose.TWIST and 2 <= beat < len(arousal):
            places = ((-1.0, 0.5, -0.3), (-0.5, 0.65, 0.0), (-0.25, 0.8, 0.3))
            hits += [Hit(drum="tom", beat=beat + at, velocity=level, pan=pan) for at, level, pan in places]
    return hits


def turn(timeline: Timeline, beats: int) -> Turn | None:
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
