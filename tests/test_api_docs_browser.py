"""The API's page in a real Chromium: it shows every call, sends one, and asks no other host for anything."""

import os
import shutil
from typing import Any

import pytest
from playwright.sync_api import expect, sync_playwright

from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from apps.studio.tests.driving import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(databases="__all__", transaction=True)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def test_the_page_shows_every_call_and_sends_one_under_a_strict_policy(
    live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed: apt-get install chromium")
        pytest.skip("Chromium is not installed: apt-get install chromium")
    orchestrator.seed()
    key = gateway.create_key("page").key
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(base_url=live_server.url, viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
        page.on("request", lambda asked: wrong.append(asked.url) if _elsewhere(asked, live_server) else None)
        answer = page.goto("/api/v1/docs")
        assert answer is not None
        assert "unsafe" not in answer.headers["content-security-policy"]

        expect(page.locator(".opblock")).not_to_have_count(0)
        assert page.locator(".opblock").count() > 60
        page.get_by_role("button", name="Authorize").first.click()
        page.get_by_role("textbox").first.fill(key)
        page.get_by_role("button", name="Apply credentials").first.click()
        page.get_by_role("button", name="Close", exact=True).first.click()
        call = page.locator("#operations-keys-read_own_key")
        call.locator(".opblock-summary-control").click()
        call.get_by_role("button", name="Try it out").click()
        call.get_by_role("button", name="Execute").click()
        expect(call.locator(".live-responses-table tbody .response-col_status")).to_have_text("200")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/api-docs.png")
        browser.close()

    assert wrong == []


def _elsewhere(asked: Any, live_server: Any) -> bool:
    return not asked.url.startswith((live_server.url, "data:", "blob:"))
