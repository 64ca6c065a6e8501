"""The curator's tools in a real Chromium: drawn curves, the safe box, the menu on a phone."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Locator, Page, sync_playwright

from apps.emotion.models import EmotionCurve
from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import waking
from apps.strategy.models import PlatformProfile
from apps.studio.tests.driving import PATIENCE, accessible, both_widths
from config.roles import make_roles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PASSWORD = "only-for-this-test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
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
def page(browser: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of somebody who is logged in as an administrator."""
    monkeypatch.setattr(waking, "wake", lambda wakes: None)
    make_roles()
    orchestrator.seed()
    User.objects.create_superuser("ada", password=PASSWORD)
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: None if request.url.startswith(live_server.url) else wrong.append(request.url),
    )
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    yield page
    context.close()
    assert wrong == []


def curve_page(page: Page) -> EmotionCurve:
    row = EmotionCurve.objects.get(name="icarus")
    page.goto(f"/admin/emotion/emotioncurve/{row.pk}/change/")
    return row


def save(page: Page, row: Any) -> Any:
    page.get_by_role("button", name="Save and stay").click()
    page.get_by_text("was changed successfully").wait_for()
    row.refresh_from_db()
    return row


def centre(shape: Locator) -> tuple[float, float]:
    box = shape.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_curve_is_changed_with_keys_alone(page: Page) -> None:
    row = curve_page(page)
    before = row.timeline
    page.get_by_role("slider", name="Point 1").focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")

    assert page.get_by_role("slider", name="Point 3").get_attribute("aria-valuetext") is not None
    timeline = save(page, row).timeline

    assert timeline[1]["sec"] == before[1]["sec"] + 0.5
    assert timeline[1]["emotion"] != before[1]["emotion"]
    assert len(timeline) == len(before) + 1


def test_a_point_is_dragged_to_another_emotion_and_second(page: Page) -> None:
    row = curve_page(page)
    x, y = centre(page.get_by_role("slider", name="Point 2").locator(".knob"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 140, steps=6)
    page.mouse.up()

    timeline = save(page, row).timeline

    assert timeline[1]["sec"] > 7
    assert timeline[1]["emotion"] in ("anger", "fear", "sadness", "tension")


def test_a_stroke_across_the_chart_becomes_the_curve(page: Page) -> None:
    row = curve_page(page)
    chart = page.locator(".curve-chart").bounding_box()
    assert chart is not None
    left, top, wide = chart["x"] + 60, chart["y"], chart["width"] - 120
    page.mouse.move(left, top + 60)
    page.mouse.down()
    for share, height in ((0.3, 60), (0.5, 230), (0.7, 60), (1.0, 60)):
        page.mouse.move(left + wide * share, top + height, steps=8)
    page.mouse.up()

    emotions = [point["emotion"] for point in save(page, row).timeline]

    assert {"fear", "anger", "sadness"} & set(emotions[1:-1])
    assert emotions[1] in ("triumph", "joy", "awe")
    page.get_by_role("slider", name="Point 2").focus()
    page.get_by_role("button", name="Remove it").click()
    page.get_by_role("button", name="Undo").click()
    assert [point["emotion"] for point in save(page, row).timeline] == emotions


def test_the_text_and_the_drawing_follow_each_other(page: Page) -> None:
    row = curve_page(page)
    page.get_by_text("As text").click()
    page.get_by_label("Timeline").fill("0 calm\n10 fear\n20 relief")

    assert page.get_by_role("slider").count() == 3
    page.get_by_label("Emotion of this point").select_option("joy")

    assert save(page, row).timeline[0] == {"sec": 0, "emotion": "joy"}


def test_the_safe_box_is_dragged_and_stays_large_enough(page: Page) -> None:
    row = PlatformProfile.objects.get(platform="youtube_shorts")
    page.goto(f"/admin/strategy/platformprofile/{row.pk}/change/")
    page.locator("[data-phone]").scroll_into_view_if_needed()
    box = page.locator("[data-box]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] - 200, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    before = row.safe_box

    after = save(page, row).safe_box

    assert after["right"] - after["left"] == 400
    assert {**after, "right": 0} == {**before, "right": 0}


def test_the_menu_opens_on_a_phone_and_closes_with_escape(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    menu = page.get_by_role("navigation", name="Admin")
    assert not menu.is_visible()

    page.get_by_role("button", name="Menu").click()
    assert menu.get_by_role("link", name="Emotion curves", exact=True).is_visible()
    page.keyboard.press("Escape")

    assert not menu.is_visible()


def test_a_provider_is_paused_and_resumed_by_its_buttons(page: Page) -> None:
    page.goto("/admin/orchestrator/pausedprovider/")
    page.get_by_role("link", name="Pause pexels").click()
    page.get_by_label("Reason").fill("quota spent")
    page.get_by_role("button", name="Pause it").click()
    page.get_by_role("button", name="Resume pexels").click()
    page.get_by_role("button", name="Resume these providers").click()

    page.get_by_role("link", name="Pause pexels").wait_for()
    assert orchestrator.pauses() == ()


@pytest.mark.timeout(400)
def test_every_kind_of_page_is_accessible_and_fits_a_phone(page: Page) -> None:
    facts = ["An octopus has three hearts.", "Two of them pump blood to the gills."]
    job = gateway.submit_brief({"topic": "Octopus hearts", "facts": facts}).id
    curve, platform = EmotionCurve.objects.first(), PlatformProfile.objects.first()
    assert curve is not None
    assert platform is not None
    kinds = {
        "today": "/admin/",
        "jobs": "/admin/gateway/job/",
        "job": f"/admin/gateway/job/{job}/change/",
        "providers": "/admin/orchestrator/pausedprovider/",
        "pause": "/admin/orchestrator/pausedprovider/add/?kind=pictures&name=pexels",
        "personas": "/admin/persona/persona/",
        "persona": "/admin/persona/persona/spark/change/",
        "curve": f"/admin/emotion/emotioncurve/{curve.pk}/change/",
        "platform": f"/admin/strategy/platformprofile/{platform.pk}/change/",
        "person": f"/admin/auth/user/{User.objects.get(username='ada').pk}/change/",
        "groups": "/admin/auth/user/add/",
    }
    assert Group.objects.count() == 3
    for name, path in kinds.items():
        page.goto(path)
        accessible(page)
        both_widths(page, f"admin-{name}")
        page.set_viewport_size({"width": 320, "height": 800})  # a desk at 400 per cent
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
