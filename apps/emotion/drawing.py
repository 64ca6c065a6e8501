"""Draws a curve as SVG, for the admin. Text in it is escaped; no I/O."""

from html import escape

from apps.contracts.decision import Curve

#: Colours that read on Django's light and dark admin themes alike.
VALENCE_COLOUR, AROUSAL_COLOUR = "#2f9e6e", "#d9682b"
#: Pixels of the drawing on the change page, and the room around it for labels.
WIDTH, HEIGHT, MARGIN = 720, 260, 44
#: Pixels of the drawing in the list.
SPARK_WIDTH, SPARK_HEIGHT = 132, 32


def sparkline(curve: Curve) -> str:
    """Valence and arousal as two small lines, without words."""
    title = escape(f"{curve.name}: " + ", ".join(point.emotion for point in curve.points))
    lines = "".join(
        _line(curve, part, colour, _spark_place(curve))
        for part, colour in (("arousal", AROUSAL_COLOUR), ("valence", VALENCE_COLOUR))
    )
    middle = SPARK_HEIGHT / 2
    axis = f'<path d="M0 {middle} H{SPARK_WIDTH}" stroke="currentColor" stroke-opacity=".25"/>'
    return (
        f'<svg role="img" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" '
        f'viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}"><title>{title}</title>{axis}{lines}</svg>'
    )


def drawing(curve: Curve) -> str:
    """Valence and arousal over time, each point with its emotion."""
    place = _place(curve)
    points = "".join(_dot(curve, n, place) for n in range(len(curve.points)))
    lines = "".join(
        _line(curve, part, colour, place)
        for part, colour in (("arousal", AROUSAL_COLOUR), ("valence", VALENCE_COLOUR))
    )
    return (
        f'<svg role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'class="curve-drawn" font-size="11" fill="currentColor">'
        f"<title>{escape(curve.name)}</title>{_grid(curve, place)}{lines}{points}{_legend()}</svg>"
    )


class _Place:
    """Seconds and [-1, 1] values to pixels."""

    def __init__(self, end: float, left: float, right: float, top: float, bottom: float) -> None:
        self.end, self.left, self.right, self.top, self.bottom = end, left, right, top, bottom

    def x(self, sec: float) -> float:
        return round(self.left + (self.right - self.left) * sec / self.end, 1)

    def y(self, value: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * (value + 1) / 2, 1)


def _place(curve: Curve) -> _Place:
    return _Place(curve.points[-1].sec, MARGIN, WIDTH - MARGIN, 26, HEIGHT - MARGIN)


def _spark_place(curve: Curve) -> _Place:
    return _Place(curve.points[-1].sec, 1, SPARK_WIDTH - 1, 2, SPARK_HEIGHT - 2)


def _line(curve: Curve, part: str, colour: str, place: _Place) -> str:
    corners = " ".join(f"{place.x(p.sec)},{place.y(getattr(p, part))}" for p in curve.points)
    return (
        f'<polyline points="{corners}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def _dot(curve: Curve, n: int, place: _Place) -> str:
    point = curve.points[n]
    x, low = place.x(point.sec), HEIGHT - MARGIN + (16 if n % 2 == 0 else 30)
    return (
        f'<path d="M{x} {place.top} V{place.bottom}" stroke="currentColor" stroke-opacity=".12"/>'
        f'<circle cx="{x}" cy="{place.y(point.valence)}" r="4" fill="{VALENCE_COLOUR}"/>'
        f'<circle cx="{x}" cy="{place.y(point.arousal)}" r="3" fill="{AROUSAL_COLOUR}"/>'
        f'<text x="{x}" y="{low}" text-anchor="middle">{escape(point.emotion)} {point.sec:g}s</text>'
    )


def _grid(curve: Curve, place: _Place) -> str:
    labels = ((1.0, "+1"), (0.0, "0"), (-1.0, "−1"))
    return "".join(
        f'<path d="M{place.left} {place.y(v)} H{place.right}" stroke="currentColor" stroke-opacity=".3" '
        f'stroke-dasharray="{"none" if v == 0 else "3 4"}"/>'
        f'<text x="{place.left - 8}" y="{place.y(v) + 4}" text-anchor="end" fill-opacity=".7">{label}</text>'
        for v, label in labels
    )


def _legend() -> str:
    return (
        f'<g><circle cx="{MARGIN + 5}" cy="11" r="4" fill="{VALENCE_COLOUR}"/>'
        f'<text x="{MARGIN + 14}" y="15">valence: unpleasant to pleasant</text>'
        f'<circle cx="{MARGIN + 225}" cy="11" r="4" fill="{AROUSAL_COLOUR}"/>'
        f'<text x="{MARGIN + 234}" y="15">arousal: still to stirred</text></g>'
    )
