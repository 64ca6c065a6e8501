"""Experiments, the pieces of a job's page and the problem pages in a real Chromium, for everybody."""

import re

import pytest
from playwright.sync_api import expect

from apps.contracts.performance import Performance, Rewards
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.gateway.tests.remembering import FakeMemory
from apps.orchestrator import interface as door
from apps.studio.tests.driving import finished, for_everybody, tab_to

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["gateway", "default"], transaction=True),
]


@pytest.fixture
def memory(monkeypatch):
    memory = FakeMemory()
    for name in ("report", "lesson", "design_experiment", "trials"):
        monkeypatch.setattr(door, name, getattr(memory, name))
    return memory


@pytest.fixture
def short(orchestrator, video, pictures):
    job = gateway.submit_brief({"topic": "Octopus hearts", "facts": ["An octopus has three hearts."]}).id
    orchestrator.snapshots[job] = finished(job, video, pictures)
    Job.objects.filter(id=job).update(status="completed", progress=1)
    return job


def test_an_experiment_is_asked_for_with_the_keyboard_and_finds_its_winner(page, orchestrator, memory):
    page.goto("/experiments")
    for_everybody(page, "experiments-empty")
    tab_to(page, "main a[href='/experiments/new']")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Topic")).to_be_visible()
    tab_to(page, "[name=factor]")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".chip", has_text="Stakes")).to_be_visible()
    expect(page.locator(".chip", has_text="Fast")).to_be_hidden()
    tab_to(page, "[value=number]")
    page.keyboard.press("Space")
    tab_to(page, "#topic")
    page.keyboard.type("Octopus hearts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("#levels-error")).to_contain_text("Mark two or more")
    expect(page.get_by_role("checkbox", name="Number")).to_be_checked()
    for_everybody(page, "experiment-errors")
    tab_to(page, "[value=question]")
    page.keyboard.press("Space")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 of 2 ready")).to_be_visible()
    for_everybody(page, "experiment-running")

    Job.objects.update(status="completed", progress=1)
    expect(page.get_by_role("link", name="Enter numbers of Question")).to_be_visible()
    strong = Job.objects.get(variant__level="question").id
    for n in range(30):
        again = {"brief": {"topic": f"Topic {n}"}, "n": 2, "factor": "hook", "levels": ["number", "question"]}
        gateway.create_experiment(again)
    for row in Job.objects.select_related("variant"):
        memory.rewards[row.id] = Rewards(total=50, hook=90.0 if row.variant.level == "question" else 50.0)
    numbers = Performance(day=gateway.job(strong).summary.created_at.date(), views=12_400, completion=0.62)
    memory.report(job_id=strong, performances=(numbers,))
    page.reload()
    expect(page.get_by_role("heading", name="Question wins")).to_be_visible()
    expect(page.get_by_text("12,400")).to_be_visible()
    for_everybody(page, "experiment")
    page.goto("/experiments")
    expect(page.get_by_role("link", name="Topic 29")).to_be_visible()
    for_everybody(page, "experiments")


def test_numbers_and_a_scene_are_put_right_within_the_page_and_beside_it(
    page, orchestrator, memory, short, monkeypatch
):
    asked = []
    monkeypatch.setattr(gateway, "revise_scene", lambda *place, **changes: asked.append((*place, changes)))
    page.goto(f"/jobs/{short}")
    page.get_by_text("How it did where it was published").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Views", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Edit scene 2")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("What is said")).to_be_focused()
    for_everybody(page, "pieces-within")

    page.get_by_label("What is said").fill("Two of them serve the gills.")
    tab_to(page, ".scene-form button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Duplicate as new brief")).to_be_visible()
    assert asked == [(short, 1, {"narration": "Two of them serve the gills.", "visual": ""})]

    page.goto(f"/jobs/{short}/scenes/1")
    for_everybody(page, "edit-scene")
    page.goto(f"/jobs/{short}/performance")
    tab_to(page, "#views")
    page.keyboard.type("lots")
    page.keyboard.press("Enter")
    expect(page.locator("#views-error")).to_contain_text("whole number")
    for_everybody(page, "numbers-errors")
    page.get_by_label("Views", exact=True).fill("12.4K")
    page.get_by_label("Average watch").fill("0:17")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="12,400")).to_be_visible()
    for_everybody(page, "numbers")

    page.goto(f"/jobs/{short}")
    page.get_by_role("link", name="Try another hook").click()
    expect(page.get_by_label("Topic")).to_have_value("Octopus hearts")
    expect(page.get_by_role("checkbox", name="Keep it as in that short")).to_be_checked()
    for_everybody(page, "experiment-from-a-short")


def test_what_goes_wrong_is_told_on_a_page_for_everybody(browser, live_server, settings, monkeypatch, memory):
    settings.STUDIO_OPEN = True
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()

    def broken(**_):
        raise RuntimeError("broken")

    assert page.goto("/nowhere").status == 404
    for_everybody(page, "404")
    page.goto("/experiments/new")
    context.clear_cookies()
    with page.expect_navigation() as sent:
        page.get_by_role("button", name="Make the shorts").click()
    assert sent.value.status == 403
    for_everybody(page, "403")
    monkeypatch.setattr(gateway, "experiments", broken)
    assert page.goto("/experiments").status == 500
    for_everybody(page, "500")
    expect(page.get_by_role("link", name="Back to your shorts")).to_be_visible()
    context.close()
