"""What is wanted of every signal: its interval, how much it counts, and which value forbids acceptance.

Intervals are the field's or, where the field has none, design values (field guide 2.1, 2.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import TypedDict, Unpack

from apps.contracts.decision import Strategy

#: Score of a value that is just good enough, where better is possible: were it 1, all decent takes
#: would score alike and there would be nothing to learn from.
PASS = 0.6


@dataclass(frozen=True, kw_only=True)
class Band:
    """A trapezoid: score 0 up to `floor` and from `ceiling` on, full from `low` to `high`.

    With an `ideal` there is better than good enough: PASS at the interval's edges, 1 at the ideal (and
    past it where the interval is open). `limit` makes a gate: a value beyond it forbids acceptance.
    """

    part: str
    weight: float
    label: str
    floor: float = -inf
    low: float = -inf
    high: float = inf
    ceiling: float = inf
    ideal: float | None = None
    limit: float | None = None
    unit: str = ""

    def score(self, value: float) -> float:
        """0-1 (field guide 2.1), never falling towards the ideal."""
        edge = 1.0 if self.ideal is None else PASS
        if value < self.low:
            return edge * max((value - self.floor) / (self.low - self.floor), 0.0)
        if value > self.high:
            return edge * max((self.ceiling - value) / (self.ceiling - self.high), 0.0)
        return edge + (1 - edge) * self._nearness(value)

    def _nearness(self, value: float) -> float:
        """0 at the interval's edge, 1 at the ideal."""
        if self.ideal is None:
            return 1.0
        near = self.low if value < self.ideal else self.high
        return (value - near) / (self.ideal - near) if isfinite(near) else 1.0

    def trips(self, value: float) -> bool:
        """Whether the value is beyond the gate."""
        if self.limit is None:
            return False
        return value > self.limit if self.high < inf else value < self.limit


class _Extras(TypedDict, total=False):
    unit: str
    ideal: float
    limit: float


def _at_least(
    part: str, weight: float, label: str, low: float, floor: float, **extras: Unpack[_Extras]
) -> Band:
    return Band(part=part, weight=weight, label=label, low=low, floor=floor, **extras)


def _at_most(
    part: str, weight: float, label: str, high: float, ceiling: float, **extras: Unpack[_Extras]
) -> Band:
    return Band(part=part, weight=weight, label=label, high=high, ceiling=ceiling, **extras)


def _between(
    part: str, weight: float, label: str, feet: tuple[float, float, float, float], **extras: Unpack[_Extras]
) -> Band:
    floor, low, high, ceiling = feet
    return Band(
        part=part, weight=weight, label=label, floor=floor, low=low, high=high, ceiling=ceiling, **extras
    )


HOOK = {
    "hook_motion": _at_least("hook", 0.08, "motion in the first second", 0.01, 0.0, ideal=0.04),
    "hook_energy": _at_least(
        "hook", 0.04, "motion in the first second against the whole", 0.8, 0.0, ideal=4.0
    ),
    "first_change": _at_most(
        "hook", 0.05, "time to the first change on screen", 1.2, 3.0, unit="s", ideal=0.1
    ),
    "first_frame_light": _at_least("hook", 0.03, "brightness of the first frame", 0.08, 0.01, ideal=0.35),
    "first_frame_contrast": _at_least("hook", 0.07, "contrast in the first frame", 0.12, 0.02, ideal=0.35),
    "colourfulness": _at_least("hook", 0.05, "colourfulness of the opening", 33.0, 5.0, ideal=120.0),
    "saliency": _at_least("hook", 0.05, "what draws the eye, inside the safe box", 0.6, 0.2, ideal=1.0),
    "speech_onset": _at_most("hook", 0.13, "time to the first word", 0.35, 1.5, unit="s", ideal=0.0),
    "hook_words": _at_least("hook", 0.15, "words heard in the hook window", 5.0, 0.0, ideal=10.0),
    "hook_end": _at_most("hook", 0.08, "time the hook runs past its window", 1.0, 3.0, unit="s", ideal=-0.5),
    "hook_wording": _at_least("hook", 0.22, "strength of the hook's wording", 0.5, 0.1, ideal=1.0),
    "gap_closed": _at_most("hook", 0.05, "share of the payoff told in the hook", 0.34, 1.0, ideal=0.0),
    "greeting": _at_most("hook", 0.06, "greetings in the opening", 0.0, 1.0),
    "look_alike": _at_least(
        "hook",
        0.02,
        "first frame's distance to the channel's newest",
        11.0,
        0.0,
        limit=11.0,
        unit="bits of 64",
    ),
    "repeat_opening": _at_most("hook", 0.02, "opening words used of late", 0.0, 1.0, limit=0.0),
}
PACING = {
    "shot_length": _between("pacing", 0.15, "mean shot length", (0.7, 1.5, 3.5, 7.0), unit="s", ideal=2.2),
    "shot_variety": _between("pacing", 0.06, "variety of shot lengths", (0.0, 0.2, 0.7, 1.3), ideal=0.45),
    "shot_trend": _at_most("pacing", 0.05, "growth of shots towards the twist", 0.0, 1.0, ideal=-1.0),
    "longest_hold": _at_most(
        "pacing", 0.12, "longest time without anything new", 4.0, 8.0, unit="s", ideal=1.5
    ),
    "motion": _at_least("pacing", 0.10, "usual motion", 0.003, 0.0, ideal=0.015),
    "freeze": _at_most("pacing", 0.10, "longest freeze", 0.5, 3.0, unit="s", limit=1.5),
    "black": _at_most("pacing", 0.05, "longest black", 0.0, 1.0, unit="s", limit=0.09),
    "speech_rate": _between(
        "pacing", 0.15, "speech rate", (2.0, 3.6, 6.5, 8.5), unit="syllables/s", ideal=5.0
    ),
    "plain_words": _at_most("pacing", 0.06, "how hard the words are to follow (LIX)", 35.0, 70.0, ideal=15.0),
    "silence_share": _at_most("pacing", 0.08, "share of silence", 0.12, 0.4, ideal=0.0),
    "longest_silence": _at_most("pacing", 0.08, "longest silence", 0.8, 2.0, unit="s", ideal=0.3),
    "emotion_fidelity": _at_least(
        "pacing", 0.11, "how the take follows its emotion curve", 0.5, -0.4, ideal=0.9
    ),
    "emotion_gap": _at_most(
        "pacing", 0.02, "scene that stays behind the emotion curve", 1.2, 3.0, unit="sd", ideal=0.3
    ),
    "peak_end": _at_least(
        "pacing", 0.01, "peak and end of the feeling, which are remembered", 0.8, -0.4, ideal=2.0, unit="sd"
    ),
}
LOOP = {
    "visual_seam": _at_most("loop", 0.28, "jump of the picture at the seam", 2.0, 15.0, ideal=0.2),
    "seam_likeness": _at_least("loop", 0.07, "likeness of last and first frame", 0.85, 0.2, ideal=1.0),
    "seam_hash": _at_most(
        "loop", 0.05, "difference of last and first frame", 10.0, 32.0, ideal=0.0, unit="bits of 64"
    ),
    "seam_to_cut": _at_most("loop", 0.05, "seam against the video's own cuts", 1.0, 3.0, ideal=0.01),
    "audio_seam": _at_most(
        "loop", 0.10, "level step of the sound at the seam", 4.0, 20.0, unit="dB", ideal=0.0
    ),
    "audio_step": _at_most("loop", 0.03, "click of the sound at the seam", 0.02, 0.3, ideal=0.002),
    "tail_silence": _at_most("loop", 0.08, "silence at the end", 0.15, 1.0, unit="s"),
    "bar_remainder": _at_most("loop", 0.04, "time missing to a whole bar", 0.05, 0.5, unit="s"),
    "semantic_loop": _at_least("loop", 0.30, "how the last line leads back", 0.4, -0.4, ideal=1.0),
}
SOUND = {
    "audio_present": _at_least("sound", 0.10, "sound in the file", 1.0, 0.0, limit=1.0),
    "loudness": _between(
        "sound", 0.25, "integrated loudness", (-24.0, -15.0, -13.0, -8.0), unit="LUFS", ideal=-14.0
    ),
    "loudness_range": _at_most("sound", 0.05, "loudness range", 9.0, 16.0, unit="LU"),
    "true_peak": _at_most("sound", 0.15, "true peak", -1.0, 2.0, unit="dBTP", limit=0.0, ideal=-1.5),
    "clipping": _at_most("sound", 0.15, "clipped sound", 0.0, 100.0, unit="ms"),
    "voice_over_bed": _at_least(
        "sound", 0.30, "voice over the bed", 12.0, 0.0, unit="LU", limit=3.0, ideal=20.0
    ),
    "mono": _at_least("sound", 0.05, "agreement of left and right", 0.0, -0.5),
}
TEXT = {
    "captioned": _at_least("text", 0.15, "share of captions drawn", 1.0, 0.0, limit=0.5),
    "caption_contrast": _at_least("text", 0.35, "lowest caption contrast", 4.5, 1.5, ideal=12.0),
    "caption_outside": _at_most(
        "text", 0.30, "share of a caption outside the safe box", 0.005, 1.0, limit=0.005
    ),
    "caption_lag": _at_most("text", 0.03, "captions and voice apart", 0.08, 0.6, unit="s", limit=0.6),
    "reading_speed": _at_most(
        "text", 0.20, "reading speed", 20.0, 30.0, unit="characters/s", limit=25.0, ideal=14.0
    ),
    # A false number does harm however well it is told, and one line mends it: a gate. Names are read
    # from capitals, which is less certain: they only cost.
    "unsourced_figures": _at_most("text", 0.15, "figures that no source holds", 0.0, 2.0, limit=0.0),
    "unsourced_names": _at_most("text", 0.10, "names that no source holds", 0.0, 4.0),
}


#: A language model's opinion, where one is asked: it counts beside the rated parts, and trips nothing.
OPINION_BAND = _at_least("opinion", 1.0, "opinion of a language model", 0.5, 0.0, ideal=1.0)


def bands_for(strategy: Strategy) -> Mapping[str, Band]:
    """What is wanted of every signal of a job; the length limit is the platform's."""
    longest = float(strategy.max_length)
    file = {
        "edit_lists": _at_most("file", 0.2, "edit lists", 0.0, 3.0, limit=0.0),
        "index_first": _at_least("file", 0.2, "index before the media", 1.0, 0.0, limit=1.0),
        "start_offset": _at_most("file", 0.2, "start of picture and sound apart", 0.025, 0.1, unit="s"),
        "duration": _at_most("file", 0.2, "length", longest, longest * 1.5, unit="s", limit=longest),
        "flashes": _at_most("file", 0.2, "flashes in one second", 3.0, 9.0, limit=3.0),
    }
    return {**HOOK, **PACING, **LOOP, **SOUND, **TEXT, **file, "opinion": OPINION_BAND}
