"""The whole way through Studio with nothing in its place but a worker: brief, live job, playback, edit."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import runner
from apps.orchestrator.machine import Wake
from apps.studio.tests.conftest import browser, page
from apps.studio.tests.driving import accessible, both_widths, until
from tests.inline import inline

__all__ = ["browser", "page"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
    pytest.mark.django_db(databases="__all__", transaction=True),
]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[list[Wake]]:
    """Wake-up calls that nobody has followed yet; small frames and one attempt, to be done soon."""
    settings.FRAME_WIDTH, settings.FRAME_HEIGHT, settings.RETRY_LIMIT = 270, 480, 0
    orchestrator.seed()
    with inline(monkeypatch) as waiting:
        yield waiting


def work(waiting: list[Wake], until_stage: str = "") -> None:
    """Do what waits, up to the first wake-up call after a stage of that name is done."""
    while waiting:
        wake = waiting.pop(0)
        time.sleep(wake.delay)
        runner.run(wake.run_id)
        if until_stage and any(view.stage == until_stage and view.state == "done" for view in stages()):
            return


def stages():
    snapshot = orchestrator.snapshot(gateway.jobs().jobs[0].id)
    return snapshot.stages if snapshot else ()


def test_a_short_is_asked_for_watched_played_and_changed(page: Page, waiting: list[Wake]) -> None:
    page.goto("/")
    page.get_by_role("link", name="Read or change it first").first.click()
    page.get_by_label("Length in seconds").fill("12")
    page.get_by_role("button", name="Make the short").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()

    work(waiting, until_stage="picture")
    expect(page.locator(".scene img").first).to_be_visible()
    expect(page.locator(".node.done").first).to_contain_text("Decide the plan")
    work(waiting)

    expect(page.locator("#player")).to_be_visible()
    page.locator("#player").evaluate("async video => { video.muted = true; await video.play() }")
    until(page, "document.querySelector('video').currentTime > 0.3")
    page.locator("#player").evaluate("video => video.pause()")
    page.locator("[data-seek]").last.focus()
    page.keyboard.press("Enter")
    until(page, "!document.querySelector('video').seeking && document.querySelector('video').currentTime > 4")
    expect(page.get_by_role("img", name="Loudness over time")).to_be_visible()
    both_widths(page, "whole")
    accessible(page)

    before = {(view.stage, view.ordinal) for view in stages()}
    page.get_by_role("link", name=re.compile("Edit scene 2")).click()
    expect(page.get_by_label("What is said")).to_be_focused()
    page.get_by_label("What is shown").fill("a blue whale under the moon")
    page.get_by_role("button", name="Make this scene again").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    work(waiting)

    expect(page.locator("#player")).to_be_visible()
    expect(page.locator(".status.completed")).to_be_visible()
    again = {(view.stage, view.ordinal) for view in stages() if view.attempt == 1 and not view.reused}
    assert {("picture", 1), ("compose", 1)} <= again
    assert not {("picture", 0), ("narrate", 0), ("narrate", 1), ("decide", 0)} & again
    assert len(again) < len(before)
