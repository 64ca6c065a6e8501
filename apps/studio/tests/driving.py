"""What the tests in a real Chromium share: waiting, looking, measuring. No test is here."""

import os
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Response

from apps.contracts.progress import JobSnapshot, JobStatus, Usage
from apps.foundation import blobs
from apps.gateway.tests.orchestrating import judgement, snapshot, take, timeline

#: Milliseconds; a page that polls every second has changed long before.
PATIENCE = 10_000
#: Bytes that a page may weigh without its pictures, sound and video, as they are before compression.
PAGE_WEIGHT = 150_000
MEDIA = ("video", "media", "audio")
#: What axe-core calls grave enough that somebody cannot use the page.
GRAVE = ("serious", "critical")
#: Stops that Tab may make before it has to have come somewhere.
STOPS = 90
CREDITS = (
    "Video by Marek Piwnicki on Pexels, Pexels licence, https://www.pexels.com/video/10000000/",
    "Music: “Slow Tide” by Ana Lima, CC BY 4.0",
)


def until(page: Page, expression: str) -> None:
    """Wait until a JavaScript expression holds; Playwright's own way is against the pages' policy."""
    for _ in range(PATIENCE // 50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what the selector means has the focus."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"Tab never came to {selector}")


def for_everybody(page: Page, name: str) -> None:
    """The page as it is: nothing sticks out and axe-core finds nothing grave, on a phone and on a desk."""
    for width, height in ((390, 844), (1440, 1000)):
        page.set_viewport_size({"width": width, "height": height})
        look(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        accessible(page, f"{name}-{width}")


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


def accessible(page: Page, name: str = "") -> None:
    """axe-core finds nothing grave, in light and in dark; a picture of the dark under a `name`."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text())
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        if name and theme == "dark":
            look(page, f"{name}-dark")
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


def finished(job_id: UUID, video: Path, pictures: dict[int, str]) -> JobSnapshot:
    """A finished job that plays `video`, with its pictures, credits and cost."""
    key = blobs.put("jobs/x/take.mp4", video)
    done = replace(take(key, poster=pictures[0], sheet=pictures[1]), credits=CREDITS)
    return snapshot(
        job_id,
        JobStatus.COMPLETED,
        take=done,
        judgements=(judgement(),),
        pictures=pictures,
        timeline=timeline(2000),
        usage=Usage(calls=4, tokens_in=5210, tokens_out=1180, cost_usd=0.0187),
    )
