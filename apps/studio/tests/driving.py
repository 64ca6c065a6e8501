"""What the tests in a real Chromium share: waiting, looking, measuring. No test is here."""

import os
from importlib.resources import files

import pytest
from playwright.sync_api import Page, Response

#: Milliseconds; a page that polls every second has changed long before.
PATIENCE = 10_000
#: Bytes that a page may weigh without its pictures, sound and video, as they are before compression.
PAGE_WEIGHT = 150_000
MEDIA = ("video", "media", "audio")
#: What axe-core calls grave enough that somebody cannot use the page.
GRAVE = ("serious", "critical")


def until(page: Page, expression: str) -> None:
    """Wait until a JavaScript expression holds; Playwright's own way is against the pages' policy."""
    for _ in range(PATIENCE // 50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


def look(page: Page, name: str) -> None:
    """Keep a screenshot where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def both_widths(page: Page, name: str) -> None:
    """Screenshots at desktop and phone width; nothing may stick out at the side."""
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 1000 if width > 800 else 844})
        look(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def accessible(page: Page) -> None:
    """axe-core finds nothing grave, in light and in dark."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        grave = [
            f"{one['id']} ({theme}): {[(n['html'][:160], n['failureSummary']) for n in one['nodes'][:3]]}"
            for one in found["violations"]
            if one["impact"] in GRAVE
        ]
        assert not grave, "\n".join(grave)
    page.emulate_media(color_scheme="light")


def weight(page: Page, path: str) -> int:
    """Bytes of a page and of all it loads, without its media."""
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    return sum(len(answer.body()) for answer in answers if _counts(answer))


def _counts(answer: Response) -> bool:
    kind = answer.headers.get("content-type", "")
    picture = kind.startswith("image/") and "svg" not in kind
    return (
        answer.ok and not picture and not kind.startswith(MEDIA) and answer.request.resource_type != "media"
    )
