"""How alike a channel's newest shorts have become, and the words that say so. Numbers and text only.

Sameness is a loss by itself: platforms stop paying for near-identical shorts, and written by machines they
drift together as they grow many (field guide 4.7).
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import combinations

import numpy as np

from apps.contracts.performance import Variety
from apps.memory.policy import WINDOW, effective, is_uniform

#: Words in a row that are compared, and how many of a script are kept: 75 s of speech.
GRAM, GRAMS = 4, 400
#: Mean Jaccard index of scripts above which they repeat each other.
ALIKE = 0.15
#: Bits of 64 by which first frames may differ and still look the same.
LOOK_BITS = 10
#: Newest openings a short must not repeat; newest first frames it must not resemble.
OPENINGS, LOOKS = 20, 30
#: Characters kept of an opening; three honest words are shorter.
OPENING_LENGTH = 200


def shingles(text: str) -> bytes:
    """The text's 4-word runs, each as 8 bytes of a hash: they can be compared, never read."""
    words = re.findall(r"\w+", text.casefold())
    runs = dict.fromkeys(" ".join(words[n : n + GRAM]) for n in range(max(len(words) - GRAM + 1, 0)))
    return b"".join(blake2b(run.encode(), digest_size=8).digest() for run in list(runs)[:GRAMS])


def look_of(text: str) -> str:
    """A look as 16 hex digits; empty where it is none."""
    return text.lower() if re.fullmatch(r"[0-9a-fA-F]{16}", text) else ""


def likeness(scripts: Sequence[bytes]) -> float:
    """The mean Jaccard index of all pairs of shingled scripts, 0-1."""
    sets = [set(np.frombuffer(script, dtype="<u8").tolist()) for script in scripts if script]
    pairs = [len(a & b) / len(a | b) for a, b in combinations(sets, 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def varieties(history: Sequence[Mapping[str, str]], known: Mapping[str, int]) -> tuple[Variety, ...]:
    """How many styles of each factor a channel's newest shorts amount to; `known` levels by kind."""
    shown = history[:WINDOW]
    return tuple(
        _variety(kind, [factors[kind] for factors in shown if kind in factors], history, levels)
        for kind, levels in known.items()
    )


def alerts(
    varied: Sequence[Variety], openings: Sequence[str], looks: Sequence[str], scripts: Sequence[bytes]
) -> tuple[str, ...]:
    """What has grown too uniform, in words."""
    said = [
        f"{v.kind}: the newest {WINDOW} shorts amount to {v.effective:.1f} of {v.known} styles; "
        "others are tried more often"
        for v in varied
        if v.alert
    ]
    said += [f"{n} of the newest shorts begin with the same three words" for n in _repeated(openings)]
    if twins := _twins(looks):
        said.append(f"{twins} pairs of the newest shorts begin with nearly the same picture")
    if (alike := likeness(scripts)) > ALIKE:
        said.append(f"the newest scripts share {alike:.0%} of their phrases; {ALIKE:.0%} is too much")
    return tuple(said)


def _variety(kind: str, shown: Sequence[str], history: Sequence[Mapping[str, str]], levels: int) -> Variety:
    counts = [shown.count(level) for level in set(shown)]
    return Variety(
        kind=kind,
        effective=round(effective(counts), 2),
        known=max(levels, len(counts)),
        used=len(counts),
        alert=is_uniform(kind, history, levels),
    )


def _repeated(openings: Sequence[str]) -> list[int]:
    counts = [openings.count(opening) for opening in dict.fromkeys(openings)]
    return [n for n in counts if n > 1]


def _twins(looks: Sequence[str]) -> int:
    bits = [int(look, 16) for look in looks]
    return sum((a ^ b).bit_count() <= LOOK_BITS for a, b in combinations(bits, 2))
