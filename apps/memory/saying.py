"""What memory says of its beliefs, in words a person reads. It decides nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.memory.designing import Choice
from apps.memory.policy import ROW, Weighed


def on_record(weighed: Weighed, sums: Mapping[str, Any], platform: str) -> str:
    """A candidate's record on a platform: what was measured, what is believed, and what this plan drew."""
    believed = f"{weighed.mean:.0f} ±{weighed.sd:.0f}"
    won = f"{_won(sums)} on {platform}, trusted as" if sums.get("n") else f"untried on {platform}, expected"
    said = [f"{won} {believed}"]
    said.append(f"rests after {ROW} shorts alike" if weighed.rests else f"this draw {weighed.draw:.0f}")
    tired = f", used {weighed.uses} times of late" if weighed.uses > 1 else ""
    return "; ".join(said) + tired


def why_this_experiment(choices: Sequence[Choice], platform: str) -> str:
    """Why the first of these choices teaches most."""
    best = choices[0]
    levels = ", ".join(
        f"{level} ({chance:.0%} likely to be the best, known to ±{spread:.0f})"
        for level, chance, spread in zip(best.levels, best.chances, best.spreads, strict=True)
    )
    beside = ""
    if len(choices) > 1 and choices[1].worth > 0 and len(choices[1].levels) == len(best.levels):
        beside = f" {best.worth / choices[1].worth:.1f} times what comparing {choices[1].kind} would tell."
    return f"On {platform} most is to be learned of {best.kind}: {levels}.{beside}"


def _won(sums: Mapping[str, Any]) -> str:
    real, critic = sums.get("platform", {}), sums.get("critic", {})
    if real.get("n"):
        return f"won {real['sum'] / real['n']:.0f} with viewers over {_shorts(real['n'])}"
    return f"scored {critic['sum'] / critic['n']:.0f} with the critic over {_shorts(critic['n'])}"


def _shorts(n: int) -> str:
    return "1 short" if n == 1 else f"{n} shorts"
