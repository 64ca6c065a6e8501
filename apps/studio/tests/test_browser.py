"""The way through Studio in a real Chromium: write a brief, follow the job, play the video."""

import re

import pytest
from playwright.sync_api import expect

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway import streams
from apps.gateway.tests.orchestrating import event, failure, judgement, snapshot
from apps.studio.tests.driving import (
    PAGE_WEIGHT,
    accessible,
    both_widths,
    finished,
    look,
    tab_to,
    until,
    weight,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["gateway", "default"], transaction=True),
]


def test_from_an_example_to_a_video_that_plays_and_seeks(page, orchestrator, video, pictures):
    page.goto("/")
    page.get_by_role("link", name="Read or change it first").first.click()
    expect(page.get_by_label("Topic")).to_have_value("Why an octopus has three hearts")
    page.get_by_role("radio", name="Calm uncle").check()
    both_widths(page, "new")
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
    accessible(page)

    orchestrator.snapshots[job_id] = finished(job_id, video, pictures)
    player = page.locator("video")
    expect(player).to_be_visible()
    expect(page.get_by_text("pexels could not deliver, drawn was used instead")).to_be_visible()
    expect(page.get_by_text("Slow Tide")).to_be_visible()
    player.evaluate("async video => { video.muted = true; await video.play() }")
    until(page, "document.querySelector('video').currentTime > 0.2")
    player.evaluate("video => video.pause()")
    page.get_by_role("link", name="Scene 4, loop").click(position={"x": 4, "y": 12})
    until(page, "!document.querySelector('video').seeking")
    assert 1.45 < player.evaluate("video => video.currentTime") < 1.65
    expect(page.locator("[data-now]")).to_have_text("at1500 ms")
    expect(page.get_by_role("img", name="Loudness over time")).to_be_visible()
    page.get_by_text("Every signal").click()
    expect(page.get_by_role("heading", name="Sound")).to_be_visible()
    both_widths(page, "completed")
    accessible(page)


def test_a_short_is_made_and_played_with_the_keyboard_alone(page, orchestrator, video, pictures):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to content
    tab_to(page, "#topic")
    page.keyboard.type("Octopus hearts")
    tab_to(page, "#facts")
    page.keyboard.type("An octopus has three hearts.")
    tab_to(page, "[name=platform]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=curve]")
    page.keyboard.press("ArrowDown")
    tab_to(page, ".point")
    tab_to(page, ".point")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("Your own curve").input_value().splitlines()[1] == "41 joy"
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    (job_id,) = orchestrator.submitted
    assert orchestrator.submitted[job_id].curve_points[1] == (0.41, "joy")

    orchestrator.snapshots[job_id] = finished(job_id, video, pictures)
    expect(page.locator("video")).to_be_visible()
    tab_to(page, "#scrub")
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    until(page, "!document.querySelector('video').seeking")
    assert 0.6 < page.evaluate("document.querySelector('video').currentTime") < 0.8


def test_the_first_visit_needs_one_button(page, orchestrator):
    page.goto("/")
    both_widths(page, "first")
    accessible(page)
    page.get_by_text("The war that lasted 38 minutes").click()
    page.get_by_role("button", name="Make my first short").click()

    expect(page.get_by_role("heading", name="The war that lasted 38 minutes")).to_be_visible()
    (brief,) = orchestrator.submitted.values()
    assert len(brief.facts) == 5


def test_a_stream_that_broke_goes_on_where_it_was(page, orchestrator, monkeypatch):
    monkeypatch.setattr(streams, "LIFETIME", 0.5)
    monkeypatch.setattr(streams, "COME_BACK_MS", 100)
    job_id = gateway.submit_brief({"topic": "Octopus hearts"}).id
    asked, polled = [], []
    page.on("request", lambda one: asked.append(one) if one.url.endswith("/stream") else None)
    page.on("request", lambda one: polled.append(one) if "/live?" in one.url else None)
    orchestrator.happened = (event(1, "planned", persona="sharp_friend"),)
    orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING)
    page.goto(f"/jobs/{job_id}")
    until(page, "performance.getEntriesByType('resource').filter(e => e.name.endsWith('/stream')).length > 1")
    monkeypatch.setattr(streams, "LIFETIME", 60.0)
    page.wait_for_timeout(800)  # the last of the short ones ends, and one that stays begins
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    orchestrator.happened += (event(2, "provider_fell_back", provider="pexels", to="drawn", reason="No."),)

    expect(page.get_by_text("pexels could not deliver, drawn was used instead")).to_be_visible()
    assert asked[-1].all_headers()["last-event-id"] == "1"
    told = len(polled)
    page.wait_for_timeout(2500)
    assert len(polled) <= told + 1  # it listens again and does not ask every second


def test_a_draft_survives_a_reload_until_it_is_sent(page, orchestrator):
    page.goto("/")
    page.get_by_label("Topic").fill("Octopus hearts")
    page.get_by_label("Facts").fill("One.\nTwo.")
    page.get_by_role("radio", name="Calm uncle").check()
    page.reload()  # at once: what was typed last is kept too

    expect(page.get_by_text("Your draft is back")).to_be_visible()
    expect(page.get_by_label("Facts")).to_have_value("One.\nTwo.")
    expect(page.get_by_role("radio", name="Calm uncle")).to_be_checked()
    expect(page.locator("[data-count=topic]")).to_have_text("14 of 120")
    page.get_by_role("button", name="Make the short").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    page.goto("/")
    expect(page.get_by_label("Topic")).to_have_value("")


def test_a_draft_survives_a_form_that_never_arrived(page, orchestrator):
    page.goto("/")
    page.get_by_label("Topic").fill("Octopus hearts")
    page.route("**/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="Make the short").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/")
    page.goto("/")

    expect(page.get_by_text("Your draft is back")).to_be_visible()
    expect(page.get_by_label("Topic")).to_have_value("Octopus hearts")


def test_a_curve_is_drawn_with_the_mouse(page, orchestrator):
    page.goto("/")
    page.get_by_role("radio", name="rise and drop").check()
    point = page.get_by_role("slider", name="Point 2")
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 400, steps=4)
    page.mouse.up()

    expect(point).to_have_attribute("aria-valuetext", re.compile("calm at (4[5-9]|5[0-9]) per cent"))
    page.get_by_role("button", name="Undo changes").click()
    expect(page.get_by_label("Your own curve")).to_have_value("")


def test_the_theme_is_the_device_s_until_another_is_chosen(page, orchestrator):
    page.goto("/")
    toggle = page.get_by_role("button", name="Theme: auto")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    toggle.click()  # light, whatever the device says
    chosen = page.evaluate(ground)
    page.reload()

    assert light != dark
    assert chosen == light == page.evaluate(ground)


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
    accessible(page)


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


def test_the_latest_shorts_are_followed(page, orchestrator):
    for number in range(7):
        gateway.submit_brief({"topic": f"Topic number {number}"})
    newest = gateway.jobs().jobs[0].id
    page.goto("/")
    expect(page.locator(".job-row")).to_have_count(5)

    orchestrator.snapshots[newest] = snapshot(newest, JobStatus.FAILED, failure=failure())

    expect(page.locator(".job-row").first).to_contain_text("failed")
    accessible(page)


def test_without_javascript_a_brief_can_be_sent_and_its_short_read(
    browser, live_server, settings, orchestrator
):
    settings.STUDIO_OPEN = True
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Topic").fill("Octopus hearts")
    page.get_by_label("Facts").fill("An octopus has three hearts.")
    page.get_by_role("button", name="Make the short").click()
    (job_id,) = orchestrator.submitted
    orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.COMPLETED, judgements=(judgement(),))
    page.goto(f"/jobs/{job_id}")
    page.get_by_text("Every signal").click()
    page.get_by_role("link", name="Read them").click()

    expect(page.get_by_role("row", name="Loudness")).to_contain_text("-15 to -13")
    context.close()


@pytest.mark.parametrize("path", ["/", "job"])
def test_a_page_is_light(page, orchestrator, video, pictures, path):
    job = gateway.submit_brief({"topic": "Octopus"})
    orchestrator.snapshots[job.id] = finished(job.id, video, pictures)

    assert weight(page, f"/jobs/{job.id}" if path == "job" else path) <= PAGE_WEIGHT


def test_the_api_s_own_page_needs_no_other_host(page):
    page.goto("/api/v1/docs")

    expect(page.get_by_text("Turn a brief into a job")).to_be_visible()
    look(page, "docs")


def test_a_wrong_address_leads_back(page):
    response = page.request.get("/nowhere")

    assert response.status == 404
    assert "Back to your shorts" in response.text()
