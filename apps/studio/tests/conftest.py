"""The pages over a gateway whose orchestrator does as the test says, and a real Chromium to look at them."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from apps.foundation import blobs, ffmpeg
from apps.gateway.tests.conftest import orchestrator
from apps.studio.tests.driving import PATIENCE

__all__ = ["orchestrator"]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed: apt-get install chromium")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    # Playwright's loop runs in this thread; Django then refuses what could block it, as here it may.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser, live_server, settings):
    """A page of a browser of its own, which may ask nobody else and complain of nothing."""
    settings.STUDIO_OPEN = True
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 1440, "height": 1000},
        color_scheme=os.environ.get("COLOR_SCHEME", "light"),
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith(live_server.url) else wrong.append(request.url),
    )
    yield page
    context.close()
    # Chromium reports a 422 page as a console error; that one is meant.
    assert [text for text in wrong if "422" not in text] == []


@pytest.fixture
def video(tmp_path) -> Path:
    """Two seconds of a vertical test picture with a tone."""
    target = tmp_path / "take.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=270x480:rate=30:duration=2"]
    tone = ["-f", "lavfi", "-i", "sine=frequency=330:duration=2"]
    ffmpeg.run([*picture, *tone, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(target)])
    return target


@pytest.fixture
def pictures(tmp_path) -> dict[int, str]:
    """A picture for each scene, in storage."""
    colours = ("0x27406b", "0x6b2754", "0x1f6b52", "0x8a5a00")
    keys = {}
    for ordinal, colour in enumerate(colours):
        file = tmp_path / f"{ordinal}.png"
        ffmpeg.run(["-f", "lavfi", "-i", f"color={colour}:size=270x480", "-frames:v", "1", str(file)])
        keys[ordinal] = blobs.put(f"jobs/x/picture-{ordinal}.png", file)
    return keys
