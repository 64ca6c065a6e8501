"""Screenshots of the admin for docs/gallery/admin: every kind of page, light and dark, at 1440 and 390 px.

Against a running installation: `python scripts/admin_screenshots.py http://127.0.0.1:8000 USERNAME`, with the
password in the variable PASSWORD. Whoever it is must be an administrator.
"""

import os
import shutil
import sys
from pathlib import Path

import cv2
from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "gallery" / "admin"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
#: Pages by name: a list, or the first row of one.
LISTS = {
    "today": "/admin/",
    "jobs": "/admin/gateway/job/",
    "providers": "/admin/orchestrator/pausedprovider/",
    "pause": "/admin/orchestrator/pausedprovider/add/?kind=pictures&name=pixabay",
    "personas": "/admin/persona/persona/",
    "curves": "/admin/emotion/emotioncurve/",
    "audiences": "/admin/audience/audienceprofile/",
    "platforms": "/admin/strategy/platformprofile/",
    "people": "/admin/auth/user/",
}
FIRST_OF = {
    "job": "jobs",
    "persona": "personas",
    "curve": "curves",
    "platform": "platforms",
    "person": "people",
}
#: Pixels of a page that are kept; what lies further down is more of the same.
TALLEST = 2600


def main(address: str, username: str) -> None:
    """Write one WebP for each page, theme and width."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for theme in ("light", "dark"):
            for width in (1440, 390):
                shoot_all(browser, address, username, theme, width)
        browser.close()


def shoot_all(browser: Browser, address: str, username: str, theme: str, width: int) -> None:
    """Every page in one theme and width."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/admin/login/?next=/admin/")
    shoot(page, f"login-{theme}-{width}")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(os.environ["PASSWORD"])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    for name, path in LISTS.items():
        page.goto(path)
        shoot(page, f"{name}-{theme}-{width}")
    for name, of in FIRST_OF.items():
        page.goto(LISTS[of])
        page.goto(str(page.locator("#result_list tbody th a").first.get_attribute("href")))
        shoot(page, f"{name}-{theme}-{width}")
    context.close()


def shoot(page: Page, name: str) -> None:
    """One page in its whole height, so that what sticks to the window's edge lies at its end."""
    width = int(page.evaluate("innerWidth"))
    page.set_viewport_size({"width": width, "height": 900})
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": min(max(height, 900), TALLEST)})
    page.wait_for_timeout(300)
    file = TARGET / f"{name}.png"
    page.screenshot(path=file)
    cv2.imwrite(str(file.with_suffix(".webp")), cv2.imread(str(file)), [cv2.IMWRITE_WEBP_QUALITY, 80])
    file.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
