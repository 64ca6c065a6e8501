"""The admin's pages, for scripts/screenshots.py: every kind of page, as an administrator sees it."""

import os
import subprocess
import sys

from playwright.sync_api import Page

from benchmarks.installation import ROOT
from scripts.camera import Camera, Shot

NAME, PASSWORD = "ada", "shown-in-no-picture"


def shots() -> list[Shot]:
    """Every kind of list, and the first entry of each."""
    return [
        Shot("today", "/admin/"),
        Shot("jobs", "/admin/gateway/job/"),
        Shot("job", "/admin/gateway/job/?status__exact=completed", first),
        Shot("retry", "/admin/gateway/job/?status__exact=failed", ask_to_retry),
        Shot("plans", "/admin/orchestrator/executionplan/"),
        Shot("deliveries", "/admin/gateway/webhookdelivery/"),
        Shot("providers", "/admin/orchestrator/pausedprovider/"),
        Shot("pause", "/admin/orchestrator/pausedprovider/add/?kind=pictures&name=pexels"),
        Shot("personas", "/admin/persona/persona/"),
        Shot("persona", "/admin/persona/persona/spark/change/", tallest=2800),
        Shot("persona-new", "/admin/persona/persona/add/", refused),
        Shot("curves", "/admin/emotion/emotioncurve/"),
        Shot("curve", "/admin/emotion/emotioncurve/", first),
        Shot("audiences", "/admin/audience/audienceprofile/"),
        Shot("audience", "/admin/audience/audienceprofile/", first),
        Shot("platforms", "/admin/strategy/platformprofile/"),
        Shot("platform", "/admin/strategy/platformprofile/", first, tallest=2800),
        Shot("people", "/admin/auth/user/"),
        Shot("person", "/admin/auth/user/", first),
        Shot("problem", "/admin/nowhere/"),
    ]


#: Taken before anybody is logged in.
LOGIN = Shot("login", "/admin/login/?next=/admin/")


def first(page: Page) -> None:
    """Open the first entry of a list."""
    page.goto(str(page.locator("#result_list tbody th a").first.get_attribute("href")))


def ask_to_retry(page: Page) -> None:
    """What is asked before jobs are retried."""
    page.locator("#result_list tbody input[type=checkbox]").first.check()
    page.locator("select[name=action]").select_option("retry")
    page.get_by_role("button", name="Go").click()
    page.wait_for_load_state()


def refused(page: Page) -> None:
    """A form that is sent empty."""
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def curate(page: Page) -> None:
    """Something for the histories to show: a persona that was changed, a provider that is paused."""
    page.goto("/admin/persona/persona/spark/change/")
    page.get_by_label("Rate").fill("182")
    page.get_by_role("button", name="Save and stay").click()
    page.wait_for_load_state()
    page.goto("/admin/orchestrator/pausedprovider/add/?kind=pictures&name=pixabay")
    page.get_by_label("Reason").fill("The quota is spent until Monday.")
    page.get_by_role("button", name="Pause it").click()
    page.wait_for_load_state()


def log_in(camera: Camera) -> None:
    """Make the administrator, where there is none yet, and let the camera's windows be theirs."""
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput", "--username", NAME]
    secret = {**os.environ, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    subprocess.run([*command, "--email", "ada@example.com"], cwd=ROOT, env=secret, capture_output=True)
    context = camera.context("light", 1440, 900)
    page = context.new_page()
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    curate(page)
    camera.state = context.storage_state()
    context.close()
