"""Lines over time as a picture, for the gallery. Draws what it is given; knows nothing of what it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from pathlib import Path

import skia

from apps.foundation.typefaces import typeface_path

#: Pixels of the picture, and around the plot inside it.
WIDTH, HEIGHT = 1200, 675
LEFT, TOP, RIGHT, BOTTOM = 84, 92, 28, 72
PAPER, INK, FAINT, GRID = "#ffffff", "#20242c", "#667085", "#e6e9ef"
#: Pixels of a line's name.
NAME_SIZE = 17
#: Lines of a grid wanted, about.
STEPS = 5


@dataclass(frozen=True)
class Line:
    """One curve: its name, a value for each of 1, 2, 3 ..., and its colour."""

    name: str
    values: Sequence[float]
    colour: str
    dashed: bool = False


def draw_curves(lines: Sequence[Line], path: Path, *, title: str, across: str, upward: str) -> None:
    """A plot of `lines` as a PNG at `path`; `across` and `upward` name the axes."""
    surface = skia.Surface(WIDTH, HEIGHT)
    plot = _Plot(surface.getCanvas(), lines)
    plot.canvas.clear(skia.Color4f(_colour(PAPER)))
    plot.text(title, LEFT - 52, 46, 24, INK, bold=True)
    plot.text(upward, LEFT - 52, 76, 15, FAINT)
    plot.grid()
    plot.text(across, WIDTH - RIGHT, HEIGHT - 20, 15, FAINT, end=True)
    for line in lines:
        plot.line(line)
    plot.names()
    path.parent.mkdir(parents=True, exist_ok=True)
    surface.makeImageSnapshot().save(str(path), skia.kPNG)


class _Plot:
    """A canvas with the scales of what is drawn on it."""

    def __init__(self, canvas: skia.Canvas, lines: Sequence[Line]) -> None:
        self.canvas, self.lines = canvas, lines
        values = [value for line in lines for value in line.values]
        self.count = max(len(line.values) for line in lines)
        self.step = _nice((max(values) - min(values)) / STEPS)
        self.low = floor(min(values) / self.step) * self.step
        self.high = (floor(max(values) / self.step) + 1) * self.step
        self.face = skia.Typeface.MakeFromFile(str(typeface_path("Noto Sans")))

    def x(self, n: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * n / max(self.count, 1)

    def y(self, value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)

    def grid(self) -> None:
        """Values at the left, counts below."""
        for n in range(round((self.high - self.low) / self.step) + 1):
            value = self.low + n * self.step
            self._rule(LEFT, self.y(value), WIDTH - RIGHT, self.y(value))
            self.text(
                f"{value:.3g}" if abs(value) > 1e-9 else "0",
                LEFT - 10,
                self.y(value) + 5,
                15,
                FAINT,
                end=True,
            )
        step = _nice(self.count / STEPS)
        for n in range(0, self.count + 1, max(round(step), 1)):
            self.text(str(n), self.x(n), HEIGHT - BOTTOM + 24, 15, FAINT, end=n > 0)

    def line(self, line: Line) -> None:
        """One curve."""
        path = skia.Path()
        for n, value in enumerate(line.values, 1):
            (path.lineTo if n > 1 else path.moveTo)(self.x(n), self.y(value))
        paint = self._paint(line.colour, 2.0 if line.dashed else 4.0)
        if line.dashed:
            paint.setPathEffect(skia.DashPathEffect.Make([9.0, 7.0], 0.0))
        self.canvas.drawPath(path, paint)

    def names(self) -> None:
        """Each line's name at its end, clear above it."""
        for line in self.lines:
            wide = skia.Font(self.face, NAME_SIZE).measureText(line.name) * 1.06
            first = int(len(line.values) * (1 - wide / (WIDTH - LEFT - RIGHT)))
            top = min(self.y(value) for value in line.values[max(first, 0) :])
            self.text(line.name, WIDTH - RIGHT, top - 10, NAME_SIZE, line.colour, bold=True, end=True)

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        end: bool = False,
    ) -> None:
        font = skia.Font(self.face, size)
        font.setEmbolden(bold)
        left = x - font.measureText(text) if end else x
        self.canvas.drawString(text, left, y, font, skia.Paint(Color=_colour(colour), AntiAlias=True))

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.drawLine(x0, y0, x1, y1, self._paint(GRID, 1.0))

    def _paint(self, colour: str, width: float) -> skia.Paint:
        return skia.Paint(
            Color=_colour(colour),
            AntiAlias=True,
            Style=skia.Paint.kStroke_Style,
            StrokeWidth=width,
            StrokeJoin=skia.Paint.kRound_Join,
        )


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10 ... at or above `step`."""
    unit = 10.0 ** floor(log10(max(step, 1e-9)))
    return next(unit * by for by in (1, 2, 5, 10) if unit * by >= step * 0.999)


def _colour(code: str) -> int:
    return int(0xFF000000 | int(code[1:], 16))
