"""Draws a platform's safe box on a phone as SVG, for the admin. Numbers only; no I/O."""

from apps.contracts.decision import Box

#: Pixels of the frame the box is measured in.
FRAME_WIDTH, FRAME_HEIGHT = 1080, 1920
#: Frame pixels of the phone's rim.
RIM = 40
#: Pixels from which a drawing is tall enough for its labels to be read.
LABELLED = 200


def phone(box: Box, *, height: int) -> str:
    """A phone `height` pixels tall; inside the green box text is never covered."""
    width = round(height * (FRAME_WIDTH + 2 * RIM) / (FRAME_HEIGHT + 2 * RIM))
    view = f"{-RIM} {-RIM} {FRAME_WIDTH + 2 * RIM} {FRAME_HEIGHT + 2 * RIM}"
    title = f"Safe for text: x {box.left}-{box.right}, y {box.top}-{box.bottom}"
    labels = _labels(box) if height >= LABELLED else ""
    return (
        f'<svg data-phone role="img" width="{width}" height="{height}" viewBox="{view}">'
        f"<title>{title}</title>"
        f"{_screen()}{_buttons(box)}{_safe(box)}{labels}</svg>"
    )


def _screen() -> str:
    wide, high = FRAME_WIDTH + 2 * RIM, FRAME_HEIGHT + 2 * RIM
    return (
        f'<rect x="{-RIM}" y="{-RIM}" width="{wide}" height="{high}" rx="120" fill="#15181d"/>'
        f'<rect width="{FRAME_WIDTH}" height="{FRAME_HEIGHT}" rx="84" fill="#3a4250"/>'
    )


def _buttons(box: Box) -> str:
    """What the platform lays over the picture: a column at the right, name and description below."""
    column = (box.right + FRAME_WIDTH) / 2
    radius = max(14.0, min(46.0, (FRAME_WIDTH - box.right) / 3))
    dots = "".join(f'<circle cx="{column:g}" cy="{y}" r="{radius:g}"/>' for y in (980, 1130, 1280, 1430))
    top = min(box.bottom + 90, FRAME_HEIGHT - 260)
    lines = "".join(
        f'<rect x="60" y="{top + n * 70}" width="{width}" height="30" rx="15"/>'
        for n, width in enumerate((300, 620, 460))
    )
    tabs = "".join(f'<rect x="{x}" y="110" width="180" height="30" rx="15"/>' for x in (330, 570))
    return f'<g fill="#fff" fill-opacity=".35">{dots}{lines}{tabs}</g>'


def _safe(box: Box) -> str:
    return (
        f'<rect data-box x="{box.left}" y="{box.top}" '
        f'width="{box.right - box.left}" height="{box.bottom - box.top}" '
        f'fill="#2f9e6e" fill-opacity=".35" stroke="#4fd79b" stroke-width="8" stroke-dasharray="28 18"/>'
    )


def _labels(box: Box) -> str:
    middle = (box.left + box.right) / 2
    texts = (
        (middle, box.top + 74, f"y {box.top}"),
        (middle, box.bottom - 34, f"y {box.bottom}"),
        (middle, (box.top + box.bottom) / 2 - 10, f"{box.right - box.left} × {box.bottom - box.top}"),
        (middle, (box.top + box.bottom) / 2 + 60, f"x {box.left} to {box.right}"),
    )
    return (
        '<g data-labels fill="#fff" font-size="54" font-family="sans-serif" text-anchor="middle">'
        + "".join(f'<text x="{x:g}" y="{y:g}">{text}</text>' for x, y, text in texts)
        + "</g>"
    )
