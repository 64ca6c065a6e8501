"""Library, insights, batch, keys and webhooks in a real Chromium: used, looked at, measured."""

import re
from uuid import uuid4

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.gateway.tests.orchestrating import failure, snapshot
from apps.studio.tests.driving import PAGE_WEIGHT, accessible, both_widths, until, weight
from apps.studio.tests.test_shelves import learned

__all__ = ["learned"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["gateway", "default"], transaction=True),
]
PAGES = (
    "/library",
    "/insights",
    "/insights/performance",
    "/experiments",
    "/experiments/new",
    "/batches",
    "/keys",
)
BRIEFS = (
    "reference,topic,facts,duration\n"
    "a,Why an octopus has three hearts,An octopus has three hearts.,24\n"
    "a,Bees recognise faces,Bees can recognise faces.,24\n"
    "c,The war that lasted 38 minutes,It was fought in 1896.,long\n"
)


@pytest.fixture
def shelf():
    """Sixty jobs: finished ones with a poster, failed ones, running ones."""
    picture = np.zeros((960, 540, 3), np.uint8)
    cv2.circle(picture, (270, 420), 160, (90, 120, 240), -1)
    poster = blobs.put_bytes("jobs/x/poster.jpg", cv2.imencode(".jpg", picture)[1].tobytes())
    for n in range(60):
        job = gateway.submit_brief(
            {"topic": f"Short number {n} about the sea", "channel": f"channel {n % 3}"}
        )
        rows = Job.objects.filter(id=job.id)
        if n % 10 == 7:
            told = failure()
            rows.update(status="failed", failure={name: getattr(told, name) for name in told.__dict__})
        elif n < 58:
            rows.update(status="completed", score=50.0 + n % 50, poster_key=poster, persona="calm_uncle")


def test_library_is_searched_scrolled_and_ordered(page, orchestrator, shelf):
    page.goto("/library")
    expect(page.locator(".tile")).to_have_count(24)
    until(page, "[...document.images].slice(0, 6).every(i => i.complete && i.naturalWidth > 0)")
    both_widths(page, "library")
    accessible(page)

    page.locator(".more").scroll_into_view_if_needed()
    expect(page.locator(".tile")).to_have_count(48)
    page.locator(".more").scroll_into_view_if_needed()
    expect(page.locator(".tile")).to_have_count(60)

    page.get_by_role("radio", name="Failed").check(force=True)
    expect(page.locator(".tile")).to_have_count(6)
    expect(page).to_have_url(re.compile("status=failed"))
    page.get_by_role("searchbox").fill("short number 17")
    expect(page.locator(".tile")).to_have_count(1)
    page.go_back()
    expect(page.locator(".tile")).not_to_have_count(1)

    page.goto("/library?status=failed")
    page.get_by_label("Select all shown").check()
    expect(page.get_by_text("6 selected")).to_be_visible()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("6 shorts go on.")).to_be_visible()
    assert Job.objects.filter(status="failed").count() == 0


def test_a_running_tile_follows_its_job_and_stays_selected(page, orchestrator):
    job = gateway.submit_brief({"topic": "Bees"})
    page.goto("/library")
    page.get_by_label("Select Bees").check()
    Job.objects.filter(id=job.id).update(status="running", progress=0.5)

    expect(page.get_by_text("50%")).to_be_visible()
    expect(page.get_by_label("Select Bees")).to_be_checked()


def test_a_batch_is_checked_submitted_and_followed(page, orchestrator, tmp_path):
    (tmp_path / "week.csv").write_text(BRIEFS)
    page.goto("/batches")
    both_widths(page, "batches-empty")
    page.get_by_label("File of briefs").set_input_files(tmp_path / "week.csv")
    page.get_by_role("button", name="Check the file").click()

    expect(page.get_by_text("1 of 3 rows can be made.")).to_be_visible()
    expect(page.locator("td.bad", has_text="long")).to_contain_text("whole number")
    both_widths(page, "batch-checked")
    accessible(page)
    page.get_by_role("button", name="Make 1 short").click()
    expect(page.get_by_text("0 of 1 ready")).to_be_visible()
    job_id = next(iter(orchestrator.submitted))
    orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.CANCELLED)
    gateway.cancel(job_id)
    expect(page.get_by_text("Finished.")).to_be_visible()
    both_widths(page, "batch-finished")
    accessible(page)
    page.goto("/batches")
    expect(page.get_by_role("link", name="week.csv")).to_be_visible()
    accessible(page)


@pytest.mark.usefixtures("learned")
def test_insights_and_the_entry_of_numbers(page, orchestrator, shelf, tmp_path):
    page.goto("/insights")
    expect(page.get_by_role("heading", name="Learning curve")).to_be_visible()
    both_widths(page, "insights")
    accessible(page)

    page.get_by_role("link", name="Enter numbers").first.click()
    both_widths(page, "insights-performance")
    accessible(page)
    job = Job.objects.filter(status="completed").first()
    page.get_by_label("Short", exact=True).fill(str(job.id))
    page.get_by_label("Views", exact=True).fill("12,400")
    page.get_by_role("button", name="Keep the numbers").click()
    expect(page.get_by_text("Noted.")).to_be_visible()

    export = tmp_path / "export.csv"
    export.write_text(f"job_id,date,views\n{job.id},2026-01-02,900\n{uuid4()},2026-01-02,5\n")
    page.get_by_label("File").set_input_files(export)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("There is no job")).to_be_visible()
    both_widths(page, "insights-preview")
    accessible(page)
    page.get_by_role("button", name="Take over 1 row").click()
    expect(page.get_by_text("were taken over")).to_be_visible()


def test_a_key_and_a_webhook_are_made_with_the_keyboard(page, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    page.goto("/keys")
    accessible(page)
    page.get_by_label("Name").focus()
    page.keyboard.type("n8n flow")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_contain_text("hl_")
    both_widths(page, "keys")
    accessible(page)
    page.get_by_label("Address").focus()
    page.keyboard.type("http://127.0.0.1:8009/hook")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_contain_text("whsec_")

    page.get_by_role("link", name="Open the webhook").click()
    page.get_by_role("button", name="Send a test").click()
    told = page.get_by_text("webhook.test", exact=True)
    expect(told).to_be_visible()
    told.click()
    both_widths(page, "webhook")
    accessible(page)

    page.goto("/keys")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revoke n8n flow").click()
    expect(page.get_by_text("The key is revoked")).to_be_visible()


@pytest.mark.usefixtures("learned")
@pytest.mark.parametrize("path", PAGES)
def test_no_page_weighs_more_than_it_may(page, shelf, path):
    assert weight(page, path) <= PAGE_WEIGHT
