"""How a line is said for the mood of its moment: numbers for a voice, none of a provider's own settings.

High arousal is heard as faster, higher and wider in pitch, high valence as a little higher and wider (Banse
and Scherer 1996; Juslin and Laukka 2003). The spans are kept small: a speaker stays the same
person from scene to scene.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.contracts.decision import Mood

#: Share of rate, and semitones, at arousal +1 against 0; more is heard as another speaker.
RATE_SPAN, PITCH_SPAN = 0.06, 2.2
#: Semitones at valence +1 against 0.
VALENCE_PITCH = 0.5
#: By how much the pitch's range grows with arousal +1, and with valence +1.
RANGE_SPAN, VALENCE_RANGE = 0.35, 0.15
#: What a persona's energy level adds to the moment's arousal.
ENERGY = {"low": -0.2, "medium": 0.0, "high": 0.2}
#: What the first line of a short adds to it: a hook is said brighter.
OPENING = 0.2
#: Arousal and valence are told apart in steps of this: a scene that moves by half a second is not said anew.
STEP = 0.1
#: Words of one line that are stressed at most, and the letters from which one is worth it; stress on many
#: words is stress on none.
MAX_STRESSED, LONG_WORD = 2, 7

Range = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Against the speaker's own manner: `rate` and `liveliness` (pitch range) as factors, `semitones` added.

    `arousal` in [-1, 1] for voices that take moods instead. `stressed`: [first, last) characters of the text.
    """

    rate: float = 1.0
    semitones: float = 0.0
    liveliness: float = 1.0
    arousal: float = 0.0
    stressed: tuple[Range, ...] = ()


#: As the speaker would say anything.
PLAIN = Delivery()


def delivery(mood: Mood | None, *, energy: str, opening: bool = False) -> Delivery:
    """How to say a line at `mood` (None: calmly) by a speaker of that energy level (low, medium or high)."""
    if mood is None:
        return PLAIN
    arousal = _stepped(mood.arousal + ENERGY.get(energy, 0.0) + OPENING * opening)
    valence = _stepped(mood.valence)
    return Delivery(
        rate=round(1.0 + RATE_SPAN * arousal, 4),
        semitones=round(PITCH_SPAN * arousal + VALENCE_PITCH * valence, 3),
        liveliness=round(1.0 + RANGE_SPAN * arousal + VALENCE_RANGE * valence, 4),
        arousal=arousal,
    )


def stressed(tokens: Sequence[str], displayed: Sequence[str]) -> tuple[Range, ...]:
    """Characters of `" ".join(tokens)` to stress: figures and words in capitals, else the longest word.

    `displayed` are the tokens as they are written: "$1,200" is said "twelve hundred dollars".
    """
    marked = [i for i, shown in enumerate(displayed) if tokens[i] and _is_marked(shown)]
    chosen = marked[:MAX_STRESSED] or _longest(tokens)
    ends = [0]
    for token in tokens:
        ends.append(ends[-1] + len(token) + 1)
    return tuple((ends[i], ends[i] + len(tokens[i])) for i in chosen)


def _is_marked(shown: str) -> bool:
    letters = [c for c in shown if c.isalpha()]
    return any(c.isdigit() for c in shown) or (len(letters) > 2 and all(c.isupper() for c in letters))


def _longest(tokens: Sequence[str]) -> list[int]:
    letters = [sum(c.isalnum() for c in token) for token in tokens]
    longest = max(letters, default=0)
    return [letters.index(longest)] if longest >= LONG_WORD and len(tokens) > 2 else []


def _stepped(value: float) -> float:
    return round(round(min(max(value, -1.0), 1.0) / STEP) * STEP, 3)
