"""The way through Studio in a real Chromium: write a brief, follow the job, play the video."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus, Usage
from apps.foundation import blobs, ffmpeg
from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import event, failure, judgement, snapshot, take

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["gateway", "default"], transaction=True),
]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CREDITS = (
    "Video by Marek Piwnicki on Pexels, Pexels licence, https://www.pexels.com/video/10000000/",
    "Music: “Slow Tide” by Ana Lima, CC BY 4.0",
)
#: Milliseconds; a page that polls every second has changed long before.
PATIENCE = 10_000


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed: apt-get install chromium")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    # Playwright's loop runs in this thread; Django then refuses what could block it, as here it may.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(browser, live_server, settings):
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


def finished(job_id: UUID, video: Path, pictures: dict[int, str]):
    key = blobs.put("jobs/x/take.mp4", video)
    done = replace(take(key, poster=pictures[0], sheet=pictures[1]), credits=CREDITS)
    return snapshot(
        job_id,
        JobStatus.COMPLETED,
        take=done,
        judgements=(judgement(),),
        pictures=pictures,
        usage=Usage(calls=4, tokens_in=5210, tokens_out=1180, cost_usd=0.0187),
    )


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
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 1000 if width > 800 else 844})
        look(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_from_an_example_to_a_video_that_plays_and_seeks(page, orchestrator, video, pictures):
    page.goto("/")
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    page.get_by_role("link", name="A science fact").click()
    both_widths(page, "new")
    page.get_by_role("radio", name="Calm uncle").check()
    page.get_by_role("button", name="Make the short").click()

    expect(page.get_by_role("heading", name="Why an octopus has three hearts")).to_be_visible()
    job_id = gateway.jobs().jobs[0].id
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()

    orchestrator.happened = (
        event(1, "planned", persona="sharp_friend"),
        event(2, "stage_done", stage="write"),
        event(3, "provider_fell_back", provider="pexels", to="drawn", reason="Pexels refused the key."),
    )
    orchestrator.snapshots[job_id] = snapshot(
        job_id, JobStatus.RUNNING, pictures={n: pictures[n] for n in (0, 1)}
    )
    expect(page.get_by_text("And it stops, every single time it swims.")).to_be_visible()
    expect(page).to_have_title("42 % · Why an octopus has three hearts · Hookloop")
    until(page, "[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    both_widths(page, "running")

    orchestrator.snapshots[job_id] = finished(job_id, video, pictures)
    player = page.locator("video")
    expect(player).to_be_visible()
    expect(page.get_by_text("pexels could not deliver, drawn was used instead")).to_be_visible()
    expect(page.get_by_text("Slow Tide")).to_be_visible()
    player.evaluate("async video => { video.muted = true; await video.play() }")
    until(page, "document.querySelector('video').currentTime > 0.2")
    player.evaluate("video => { video.pause(); video.currentTime = 1.5 }")
    until(page, "!document.querySelector('video').seeking")
    assert 1.4 < player.evaluate("video => video.currentTime") < 1.6
    page.get_by_text("Every signal").click()
    both_widths(page, "completed")


def test_every_error_stands_beside_its_field(page, orchestrator):
    orchestrator.problems = (
        BriefProblem(
            field="facts",
            code="no_facts",
            reason="There is nothing to tell.",
            remedy="Add a fact on each line, or configure a language model.",
        ),
    )
    page.goto("/")
    page.get_by_label("Topic").fill("Octopus <b>hearts</b>")
    page.get_by_label("Length in seconds").fill("soon")
    page.get_by_role("button", name="Make the short").click()

    expect(page.get_by_role("alert")).to_contain_text("2 things to put right")
    expect(page.get_by_label("Topic")).to_have_value("Octopus <b>hearts</b>")
    expect(page.get_by_label("Length in seconds")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#facts-error")).to_contain_text("configure a language model")
    both_widths(page, "errors")


def test_own_files_are_chosen_refused_by_name_and_kept(page, orchestrator, pictures, tmp_path):
    broken = tmp_path / "holiday clip.mp4"
    broken.write_bytes(b"not a clip")
    page.goto("/")
    page.get_by_label("Topic").fill("Octopus hearts")
    page.get_by_text("Show your own pictures and clips").click()
    page.get_by_label("Files").set_input_files([tmp_path / "0.png", broken])
    page.get_by_label("Credit").fill("Ana Lima, CC BY 4.0")
    page.get_by_role("button", name="Make the short").click()

    expect(page.locator("#media-error")).to_contain_text(
        "holiday clip.mp4: This is neither an image nor a clip"
    )
    expect(page.get_by_role("checkbox", name="0.png")).to_be_checked()
    both_widths(page, "files")
    page.get_by_text("Choose more yourself").click()
    page.get_by_label("Pictures", exact=True).fill("own, drawn")
    both_widths(page, "providers")
    page.get_by_role("button", name="Make the short").click()

    expect(page.get_by_role("heading", name="Octopus hearts")).to_be_visible()
    (brief,) = orchestrator.submitted.values()
    assert [key.rpartition("/")[2] for key in brief.media] == ["0.png"]
    assert brief.providers.pictures == "own, drawn"


def test_a_failed_job_says_why_and_can_be_retried_with_the_keyboard(page, orchestrator):
    job = gateway.submit_brief({"topic": "Octopus"})
    orchestrator.snapshots[job.id] = snapshot(job.id, JobStatus.FAILED, failure=failure())
    page.goto(f"/jobs/{job.id}")

    expect(page.get_by_role("alert")).to_contain_text("There is no room left for the video.")
    both_widths(page, "failed")
    page.get_by_role("button", name="Retry").focus()
    orchestrator.snapshots[job.id] = snapshot(job.id, JobStatus.RUNNING)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Cancel")).to_be_visible()


def test_the_list_follows_its_jobs_and_shows_older_ones(page, orchestrator):
    for number in range(14):
        gateway.submit_brief({"topic": f"Topic number {number}"})
    newest = gateway.jobs().jobs[0].id
    page.goto("/")
    page.get_by_role("link", name="Show older").click()
    expect(page.locator(".job-row")).to_have_count(14)

    orchestrator.snapshots[newest] = snapshot(newest, JobStatus.FAILED, failure=failure())

    expect(page.locator(".job-row").first).to_contain_text("failed")
    both_widths(page, "list")


def test_the_api_s_own_page_needs_no_other_host(page):
    page.goto("/api/v1/docs")

    expect(page.get_by_text("Turn a brief into a job")).to_be_visible()
    look(page, "docs")


def test_a_wrong_address_leads_back(page):
    response = page.request.get("/nowhere")

    assert response.status == 404
    assert "Back to your shorts" in response.text()
