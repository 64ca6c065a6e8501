"""manage.py memory_report: what memory believes of a platform, for a person at a terminal."""

from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.contracts.performance import Standing
from apps.memory import interface as memory

#: Characters of the bar that shows an interval on the scale from 0 to 100.
BAR = 34
#: The part of the scale that the bar shows: beliefs are shrunken, so they stay near the middle.
SHOWN = (30.0, 70.0)


class Command(BaseCommand):
    """The leaderboard with intervals, the critic's standing, the policy's check, and a channel's variety."""

    help = "Print what memory believes wins on a platform, how sure it is, and how varied a channel still is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", required=True)
        parser.add_argument("--channel", default="default")

    def handle(self, *, platform: str, channel: str, **options: Any) -> None:
        """Print all of it."""
        standings = memory.standings(platform=platform)
        if not standings:
            known = ", ".join(memory.platforms()) or "none yet"
            raise CommandError(f"Memory knows nothing of {platform!r}. It knows: {known}.")
        summary = memory.summary(platform=platform)
        shorts = f"{summary.shorts} shorts, {summary.judged} judged, {summary.real} with real numbers"
        self.stdout.write(f"{platform}: {shorts}")
        self._leaderboard(standings)
        self._critic(summary)
        self._policy(summary)
        self._variety(channel)

    def _leaderboard(self, standings: Sequence[Standing]) -> None:
        low, high = SHOWN
        head = f"{'':24}{'mean':>6}{'80 % interval':>17}{'shorts':>8}{'real':>6}{'uses':>6}"
        by_kind = sorted(standings, key=lambda s: (s.kind, -s.mean))
        for kind, found in groupby(by_kind, key=lambda s: s.kind):
            self.stdout.write(
                self.style.MIGRATE_HEADING(f"\n{kind:24}") + f"{head[24:]}  {low:g}{'':30}{high:g}"
            )
            for s in found:
                interval = f"{s.low:.1f} to {s.high:.1f}"
                figures = f"{s.mean:>6.1f}{interval:>17}{s.n:>8}{s.n_real:>6}{s.uses:>6}"
                self.stdout.write(f"  {_plain(s.reference_id):22.22}{figures}  {_bar(s)}")

    def _critic(self, summary: "memory.Summary") -> None:
        self.stdout.write(self.style.MIGRATE_HEADING("\nThe critic against viewers"))
        for name, reading in summary.readings.items():
            if reading.pairs < 1:
                said = f"not measured yet; granted a correlation of {reading.trust:.2f}"
            else:
                said = (
                    f"correlation {reading.trust:.2f} over {reading.pairs:.0f} shorts; as control variate "
                    f"rho {reading.rho:.2f}, lambda {reading.slope:.2f}"
                )
            self.stdout.write(f"  {name:8} {said}")

    def _policy(self, summary: "memory.Summary") -> None:
        check = summary.check
        self.stdout.write(self.style.MIGRATE_HEADING("\nThe policy, by its own propensities"))
        if check is None:
            self.stdout.write("  too few shorts with propensities and real numbers to say")
            return
        self.stdout.write(
            f"  {check.n} shorts averaged {check.mean:.1f}; even choices would have earned {check.even:.1f}"
            f" ±{check.half:.1f} (self-normalised inverse propensities, {check.effective:.0f} shorts' worth)"
        )

    def _variety(self, channel: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"\nVariety of channel {_plain(channel)}"))
        for v in memory.varieties(channel=channel):
            alert = self.style.WARNING("  too uniform") if v.alert else ""
            self.stdout.write(f"  {v.kind:16}{v.effective:>5.1f} of {v.known} styles, {v.used} used{alert}")
        for alert in memory.recent(channel=channel).alerts:
            self.stdout.write(self.style.WARNING(f"  ! {alert}"))


def _bar(standing: Standing) -> str:
    """The interval and the mean on the shown part of the scale."""
    low, mean, high = (_place(value) for value in (standing.low, standing.mean, standing.high))
    return "".join("●" if n == mean else "─" if low <= n <= high else "·" for n in range(BAR))


def _place(value: float) -> int:
    low, high = SHOWN
    return round(min(max((value - low) / (high - low), 0.0), 1.0) * (BAR - 1))


def _plain(text: str) -> str:
    """Text that cannot move a terminal's cursor."""
    return "".join(c if c.isprintable() else "?" for c in text)
