"""The stock the composer draws from: progressions, rhythms, and who may play. Data only."""

#: Four-chord progressions as scale degrees from 0; each mode family has its own, none ends on the tonic,
#: so that the last bar leads into the first.
PROGRESSIONS = {
    "dark": (
        (0, 5, 2, 6), (0, 3, 5, 6), (0, 5, 3, 6), (0, 2, 5, 6), (0, 6, 5, 6),
        (0, 3, 6, 4), (5, 6, 0, 4), (0, 4, 5, 3), (0, 2, 3, 5), (5, 3, 0, 6),
    ),
    "bright": (
        (0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 5, 4), (0, 2, 3, 4), (0, 3, 1, 4),
        (3, 0, 4, 5), (0, 2, 5, 3), (3, 4, 0, 5), (0, 5, 1, 4), (5, 3, 0, 4),
    ),
}  # fmt: skip
#: Steps over the root that make a chord: triads, sevenths, suspended and added ninths.
COLOURS = ((0, 2, 4), (0, 2, 4), (0, 2, 4, 6), (0, 3, 4), (0, 2, 4, 8))
#: Orders in which chord tones (counted upwards, past the octave) are plucked.
ARPEGGIOS = (
    (0, 1, 2, 3, 2, 1), (0, 2, 1, 3), (3, 2, 1, 0), (0, 1, 2, 4, 3, 1), (0, 2, 3, 1, 2, 4, 3, 2),
    (0, 0, 2, 0, 3, 0, 2, 0), (0, 3, 1, 3, 2, 3), (0, 2, 4), (4, 2, 3, 1), (0, 1, 3, 0, 1),
)  # fmt: skip
#: Sixteenths of a beat-pair in which a plucked pattern rests: unbroken, or with holes that give it a rhythm.
HOLES = ((), (3,), (1, 6), (2, 5), (1, 3, 6), (3, 7))
#: Beats within two bars on which the motif's notes fall.
MOTIFS = (
    (0.5, 1.5, 3.0, 6.5), (0.0, 0.75, 1.5, 5.5), (1.0, 2.0, 3.5, 5.0, 6.0), (0.5, 2.5, 4.5, 5.25),
    (2.0, 2.5, 3.0, 6.0), (0.0, 3.0, 4.0, 7.0), (1.5, 1.75, 2.5, 5.5, 6.5), (),
)  # fmt: skip
#: Beats of a bar on which each groove has its kick, its backbeat, its hats and an open hat.
KICKS = ((0, 2), (0, 2.5), (0, 1.75, 2.5), (0, 0.75, 2), (0, 1.5, 3), (0, 2, 3.5), (0,), (0, 1.5, 2.75))
BACKBEATS = ((1, 3), (1, 3), (2,), (1, 3, 3.75), (1, 2.75), (1.5, 3), (3,), (1, 3.5))
HATS = ((0.5,), (0, 0.5), (0.5, 0.75), (0, 0.25, 0.5), (0, 0.33, 0.67), (0.25, 0.75), (0,))
OPENS = ((), (3.5,), (1.5,), (0.5, 2.5), (2.5,))
#: Beats on which driving basses of several kinds play, and how far over the root (semitones).
BASS_LINES = (
    ((0, 0), (0.5, 0)), ((0, 0), (0.5, 12)), ((0, 0), (0.75, 0)), ((0.5, 0),), ((0, 0), (0.5, 7)),
    ((0, 0), (0.25, 0), (0.75, 12)),
)  # fmt: skip
#: How late the second half of a beat comes, in beats: straight, a little, and shuffled.
SWINGS = (0.0, 0.0, 0.0, 0.06, 0.1, 0.16)
#: Beats after which a plucked note is heard again.
ECHOES = (0.75, 0.5, 1.0, 1.5)
#: How likely each kit, pad, bass and pluck is: when calm and when excited, when dark and when bright.
KITS = {"club": (0.5, 3.0), "machine": (0.8, 2.5), "dusty": (3.0, 1.0), "hands": (2.5, 1.5)}
PADS = {
    "strings": (2.0, 1.0), "warm": (1.5, 1.5), "choir": (2.0, 0.6), "organ": (0.8, 1.2),
    "glass": (0.5, 2.0), "hollow": (1.5, 1.0),
}  # fmt: skip
BASSES = {"round": (2.0, 1.0), "sub": (1.5, 1.5), "reese": (0.4, 2.0), "fm": (0.6, 1.6)}
PLUCKS = {
    "string": (1.2, 1.0), "bell": (0.8, 0.8), "marimba": (0.6, 1.5), "kalimba": (0.8, 1.5),
    "pizzicato": (1.0, 1.5), "harp": (1.5, 1.0), "muted": (1.5, 1.0), "keys": (1.5, 1.2),
    "synth": (1.4, 0.9), "square": (0.9, 1.2),
}  # fmt: skip
LEADS = ("bell", "box", "keys", "kalimba", "harp")
