"""What the memory learns of a simulated audience, beside rivals: `python -m benchmarks.memory`.

Field guide 4.3's factorised world (6 hooks x 4 personas x 6 arcs; `benchmarks.worlds`), real numbers after 3
days at 3 videos a day, slow drift. A policy earns the share of the oracle's gain over random play, summed up
to 30, 100 and 300 videos; the oracle knows every recipe's mean at every moment. All policies watch the same
worlds and the same luck. Ours runs through the memory's own engine with its prior, its critic's correlation
unknown to it, fatigue, floor and rests. Styles kept: mean exp(entropy) of a factor's levels over 300
videos, of 5.33. Intervals are 95 %.
"""

import argparse
import os
from dataclasses import dataclass
from math import sqrt
from multiprocessing import get_context
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from apps.memory.model import believe
from apps.memory.moments import COMPONENTS, DISCOUNT, Moments, Short
from apps.memory.policy import WINDOW, effective, label, weigh
from benchmarks.installation import bench
from benchmarks.rivals import RIVALS, Recipe, Rival
from benchmarks.worlds import DELAY, DRIFT_HALF_LIFE, FACTORS, NOISE_SD, RECIPES, Audience, share_of_oracle

HORIZONS = (30, 100, 300)
#: Correlation of the critic with what viewers make of a video, by the name its figures carry.
CRITICS = {"": 0.0, "_rho03": 0.3, "_rho07": 0.7}
#: Enough for ±2 points, in under six minutes on two cores.
WORLDS = 300
SIZES = [len(levels) for levels in FACTORS.values()]
INDEX = {tuple(recipe): n for n, recipe in enumerate(RECIPES.tolist())}


class Ours:
    """The memory's engine as a policy over one channel: the beliefs of `believe`, the draws of `weigh`."""

    def __init__(self, seed: int) -> None:
        self.seed, self.n = seed, 0
        self.moments = Moments()
        self.history: list[dict[str, str]] = []
        self.labels = [label(kind, name) for kind, names in FACTORS.items() for name in names]

    def choose(self) -> Recipe:
        belief = believe("p", {"p": self.moments}, "total", self.labels)
        weighed = weigh(
            dict.fromkeys(FACTORS, belief), FACTORS, history=self.history, seed=(self.seed, self.n), samples=0
        )
        best = {kind: max((w for w in weighed if w.kind == kind), key=lambda w: w.draw) for kind in FACTORS}
        self.history = [{kind: w.reference for kind, w in best.items()}, *self.history[: WINDOW - 1]]
        self.n += 1
        self.moments = self.moments.aged(1)
        return tuple(FACTORS[kind].index(w.reference) for kind, w in best.items())

    def learn(self, recipe: Recipe, success: float, critic: float) -> None:
        short = Short(
            labels=tuple(label(k, names[n]) for (k, names), n in zip(FACTORS.items(), recipe, strict=True)),
            critic=(critic,) * len(COMPONENTS),
            real=(success,) * len(COMPONENTS),
        )
        self.moments = self.moments.plus(short, DISCOUNT**DELAY)


@dataclass
class Deaf:
    """A rival, who hears nothing of critics."""

    rival: Rival

    def choose(self) -> Recipe:
        return self.rival.choose()

    def learn(self, recipe: Recipe, success: float, critic: float) -> None:
        self.rival.learn(recipe, success)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One policy in one world: (gain, oracle's gain) at each horizon, and styles kept."""

    gains: tuple[tuple[float, float], ...]
    styles: float


def run(
    policy: Ours | Deaf,
    table: NDArray[np.float64],
    luck: NDArray[np.float64],
    critic: NDArray[np.float64],
) -> Run:
    """One policy through one world; numbers come DELAY videos late."""
    made: list[Recipe] = []
    for n in range(max(HORIZONS)):
        if n > DELAY:
            late = n - DELAY - 1
            success = float(table[late, INDEX[made[late]]] + luck[late])
            policy.learn(made[late], success, float(critic[late]))
        made.append(policy.choose())
    earned = table[np.arange(len(made)), [INDEX[recipe] for recipe in made]]
    counts = [
        np.bincount(levels, minlength=size) for levels, size in zip(np.array(made).T, SIZES, strict=True)
    ]
    return Run(
        gains=tuple(share_of_oracle(earned, table, horizon) for horizon in HORIZONS),
        styles=float(np.mean([effective(list(count)) for count in counts])),
    )


def world(seed: int, half_life: float, sees: str, names: tuple[str, ...]) -> dict[str, Run]:
    """Every policy in the world of a seed."""
    videos = max(HORIZONS)
    audience = Audience(seed=seed, horizon=videos, half_life=half_life, sees=sees)
    table, chance = audience.table(), np.random.default_rng([seed, 99])
    luck, own = NOISE_SD * chance.standard_normal(videos), chance.standard_normal(videos)
    found: dict[str, Run] = {}
    for name, rho in CRITICS.items():
        if f"ours{name}" in names:
            # In the engine's own scale: a critic's sd is 10 points, and its mean 15 above the middle.
            seen = 0.9 + 0.6 * (rho * luck / NOISE_SD + sqrt(1 - rho**2) * own)
            found[f"ours{name}"] = run(Ours(seed), table, luck, seen)
    for name, rival in RIVALS.items():
        if name in names:
            found[name] = run(Deaf(rival(SIZES, seed)), table, luck, own)
    return found


def share(runs: list[Run], at: int) -> tuple[float, float]:
    """(share of the oracle's gain, half its 95 % interval) at the horizon of that index, %."""
    gains = np.array([run.gains[at] for run in runs])
    whole = gains[:, 1].sum()
    part = gains[:, 0].sum() / whole
    off = (gains[:, 0] - part * gains[:, 1]).std(ddof=1) * sqrt(len(runs))
    return 100 * float(part), 196 * float(off / whole)


def report(found: dict[str, list[Run]], suffix: str = "") -> None:
    """The table, and a BENCH line a figure."""
    print(f"{'':>14}{''.join(f'{h:>16}' for h in HORIZONS)}{'styles kept':>14}")
    for name, runs in found.items():
        shares = [share(runs, at) for at in range(len(HORIZONS))]
        styles = float(np.mean([run.styles for run in runs]))
        cells = "".join(f"{s:>9.1f} ±{half:<5.1f}" for s, half in shares)
        print(f"{name:>14}{cells}{styles:>12.2f}")
    for name, runs in found.items():
        critic = name.removeprefix("ours")
        for at, horizon in enumerate(HORIZONS):
            key = f"oracle_share_{horizon}{critic}" if name != critic else f"{name}_share_{horizon}"
            bench(**{f"{key}{suffix}": share(runs, at)[0]})
        bench(**{f"styles_kept_{name}{suffix}": float(np.mean([run.styles for run in runs]))})


def _alone() -> None:
    """One thread a process: small matrices gain nothing by more."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)


def _world(task: tuple[int, float, str, tuple[str, ...]]) -> dict[str, Run]:
    return world(*task)


def compare(seeds: range, half_life: float, sees: str, names: tuple[str, ...]) -> dict[str, list[Run]]:
    """Every policy's runs, over the cores there are."""
    tasks = [(seed, half_life, sees, names) for seed in seeds]
    with get_context("fork").Pool(os.cpu_count(), initializer=_alone) as pool:
        results = pool.map(_world, tasks, chunksize=4)
    return {name: [result[name] for result in results] for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--half-life", type=float, default=DRIFT_HALF_LIFE, help="of tastes, in videos; 0: none"
    )
    parser.add_argument("--sees", choices=("take", "outcome"), default="take", help="what the critic can see")
    parser.add_argument("--only", nargs="*", help="policies to run")
    given = parser.parse_args()
    every = (*(f"ours{name}" for name in CRITICS), *RIVALS)
    names = tuple(name for name in every if not given.only or name in given.only)
    seeds = range(given.seed * 1_000_000, given.seed * 1_000_000 + given.worlds)
    started = perf_counter()
    found = compare(seeds, given.half_life, given.sees, names)
    took = perf_counter() - started
    print(f"{given.worlds} worlds, tastes' half-life {given.half_life:g} videos, {took:.0f} s")
    report(found)


if __name__ == "__main__":
    main()
