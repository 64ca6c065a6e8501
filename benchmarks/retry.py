"""What a retry is worth: sixty briefs in small frames, mended by what the critic measured of them.

Run by `make bench-retry` (`--briefs N` for fewer, `--rounds N` for another limit). Two processes share one
installation, so that the critic's bar adapts as it does for a user. Where a first draft was sent back, the
same brief is also made wholly anew, which is what the CPU time of a retry could have bought instead.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from statistics import fmean
from typing import Any

from benchmarks import installation

PROCESSES = 2
#: Creative retries of one job at most.
ROUNDS = 2
#: First drafts of each platform before anything is measured: as many as the critic takes its bar from.
WARM = 10
#: Small and quick to encode. Motion is measured on tenths of a second: at 20 frames those are whole frames.
SMALL = {"FRAME_WIDTH": "270", "FRAME_HEIGHT": "480", "FRAME_RATE": "20", "ENCODER_PRESET": "ultrafast"}

Found = dict[str, Any]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--briefs", type=int, default=60)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--warm", type=int, default=WARM)
    asked = options.parse_args()
    installation.fresh("retry", **SMALL)
    installation.prepare()
    if asked.warm:
        _shared(asked.briefs, asked.rounds, asked.warm)
    report(_shared(asked.briefs, asked.rounds, 0))


def _shared(briefs: int, rounds: int, warm: int) -> list[Found]:
    """What all processes together found."""
    with ThreadPoolExecutor(PROCESSES) as pool:
        shares = pool.map(lambda n: _one(n, briefs, rounds, warm), range(PROCESSES))
        return list(chain.from_iterable(shares))


def _one(share: int, briefs: int, rounds: int, warm: int) -> list[Found]:
    """One process's share, as it comes."""
    asked = {"share": share, "of": PROCESSES, "briefs": briefs, "rounds": rounds, "warm": warm}
    command = [sys.executable, "-m", "benchmarks.retry_worker"]
    command += [text for name, n in asked.items() for text in (f"--{name}", str(n))]
    found = []
    with subprocess.Popen(command, cwd=installation.ROOT, stdout=subprocess.PIPE, env=os.environ) as child:
        for line in child.stdout or ():
            found.append(json.loads(line))
            if sys.stderr.isatty():
                print(f"\r{'warming' if warm else 'measuring'} {len(found)}", end=" ", file=sys.stderr)
    if child.returncode:
        raise SystemExit(f"The benchmark's process {share} failed ({child.returncode}).")
    return found


def report(jobs: list[Found]) -> None:
    """The figures, and a table of which order helped."""
    sent_back = [job for job in jobs if not job["accepted"]]
    rounds = [cpu / job["first_cpu"] for job in jobs for cpu in job["retry_cpu"]]
    installation.bench(
        jobs=len(jobs),
        retried=sum(bool(job["retry_cpu"]) for job in jobs),
        retry_rounds=len(rounds),
        first_accept=_mean(job["accepted"] for job in jobs),
        accept_after=_mean(job["after"]["accepted"] for job in jobs),
        score_before=_mean(job["before"]["total"] for job in jobs),
        score_after=_mean(job["after"]["total"] for job in jobs),
        gates_before=sum(job["before"]["gates"] for job in jobs),
        gates_after=sum(job["after"]["gates"] for job in jobs),
        retry_cost_share=_mean(rounds),
    )
    _rivals(sent_back)
    _table([mend for job in jobs for mend in job["mends"]])


def _rivals(sent_back: list[Found]) -> None:
    """What retries bought against making the same briefs anew: as they are, and for the same CPU time."""
    rivals = [job for job in sent_back if "anew" in job]
    if not rivals:
        return
    cost = sum(sum(job["retry_cpu"]) for job in rivals)
    full_cost = sum(job["anew"]["cpu"] for job in rivals)
    full = _mean(job["anew"]["total"] - job["before"]["total"] for job in rivals)
    installation.bench(
        targeted_gain=_mean(job["after"]["total"] - job["before"]["total"] for job in rivals),
        full_gain=full * min(cost / full_cost, 1.0),  # as many of them as the same CPU time makes
        full_gain_each=full,
        full_cost_ratio=full_cost / cost if cost else 0.0,
        targeted_accepted=_mean(job["after"]["accepted"] for job in rivals),
        full_accepted=_mean(job["anew"]["accepted"] for job in rivals),
    )


def _table(mends: list[list[Any]]) -> None:
    """Order by order: tried, kept, and the mean gain of the flagged signal in points."""
    by_kind = defaultdict[str, list[list[Any]]](list)
    for mend in mends:
        by_kind[mend[0]].append(mend)
    print(f"{'order':18} {'tried':>5} {'kept':>5} {'gain':>6}  against")
    for kind, found in sorted(by_kind.items(), key=lambda pair: -len(pair[1])):
        signals = ", ".join(sorted({signal for _, signal, _, _ in found}))
        kept, gain = sum(kept for _, _, kept, _ in found), 100 * fmean(gain for *_, gain in found)
        print(f"{kind:18} {len(found):5} {kept:5} {gain:+6.1f}  {signals}")


def _mean(values: Iterable[float]) -> float:
    found = [float(value) for value in values]
    return fmean(found) if found else 0.0


if __name__ == "__main__":
    main()
