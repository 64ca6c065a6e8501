"""Screenshots of every page of Studio, from an installation of its own that has made a few shorts.

Run by `python -m scripts.screenshots [FOLDER]`; needs Chromium and the dev requirements. Writes
FOLDER/<page>-<theme>-<width>.webp, by default under docs/gallery/studio.
"""

import io
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.installation import ROOT, fresh

#: Where they go unless another folder is named.
GALLERY = ROOT / "docs" / "gallery" / "studio"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
#: Width and height of the windows: a desk and a phone.
WINDOWS = ((1440, 1000), (390, 844))
#: Longest picture, in pixels; below that a page only goes on.
TALLEST = 2600
#: WebP quality; lower smears small text.
QUALITY = 66
#: Seconds all the shorts may take.
PATIENCE = 900.0
#: Shorts beside the one that the first visit makes, so that the lists have something to show.
BRIEFS = (
    {
        "topic": "What one coffee a day really costs",
        "facts": [
            "A coffee for 4 dollars every day costs 1,460 dollars a year.",
            "Invested at 7 percent, that becomes about 20,000 dollars after ten years.",
            "Waiting one day before buying cancels most impulse purchases.",
        ],
        "platform": "tiktok",
        "channel": "money",
    },
    {
        "topic": "The war that lasted 38 minutes",
        "facts": [
            "The shortest war in history was fought in 1896.",
            "Britain and Zanzibar fought for about 38 minutes.",
            "The sultan fled to the German consulate before the shelling ended.",
        ],
        "platform": "youtube_shorts",
        "channel": "history",
    },
    {
        "topic": "Why the sky is blue and sunsets are red",
        "facts": [
            "Air scatters blue light about ten times more than red light.",
            "At sunset light crosses forty times more air than at noon.",
            "By then most of the blue is gone, and the red is left.",
        ],
        "platform": "instagram_reels",
        "audience": "parents_uk",
    },
    {
        "topic": "How bees keep their hive cool",
        "facts": [
            "Bees keep their brood at about 35 degrees.",
            "On hot days they carry water into the hive and fan it with their wings.",
            "A hundred bees in a row make a current of air one can feel.",
        ],
        "platform": "youtube_shorts",
    },
)


def main(folder: Path) -> None:
    fresh("screenshots", FRAME_WIDTH="540", FRAME_HEIGHT="960", RETRY_LIMIT="1")
    from scripts import demo  # reads where the installation is, which has only now been said

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with demo.installation(demo.free_port()) as url, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser, url, folder, "first-run", "/")
        job = first_short(browser, url, folder)
        api = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {demo.new_key()}"}, timeout=30)
        tell_of(api, [job, *made(api)])
        for name, path in pages(api, job):
            take(browser, url, folder, name, path)


def first_short(browser: Browser, url: str, folder: Path) -> str:
    """Make the first short as a first visitor does; its id. Pictures of it on the way."""
    page = browser.new_page(base_url=url)
    page.goto("/")
    page.get_by_role("button", name="Make my first short").click()
    page.wait_for_url("**/jobs/*")
    path = page.url.removeprefix(url)
    page.locator(".scene img").nth(1).wait_for(timeout=120_000)
    take(browser, url, folder, "job-running", path)
    page.locator("#player").wait_for(timeout=300_000)
    page.close()
    return path.rpartition("/")[2]


def made(api: httpx.Client) -> list[str]:
    """The other shorts' ids, once all are finished."""
    ids = [api.post("/api/v1/jobs", json=brief).raise_for_status().json()["id"] for brief in BRIEFS]
    deadline = time.monotonic() + PATIENCE
    for job in ids:
        while api.get(f"/api/v1/jobs/{job}").json()["status"] in ("queued", "running"):
            if time.monotonic() > deadline:
                raise SystemExit("The shorts took too long.")
            time.sleep(1)
    return ids


def tell_of(api: httpx.Client, jobs: list[str]) -> None:
    """Numbers of a platform for each short, so that there is something to learn from."""
    for n, job in enumerate(jobs):
        numbers = {
            "views": 1800 + 2300 * n,
            "average_watch_seconds": 11.5 + n,
            "completion": 0.42 + 0.06 * n,
            "skip_rate": 0.38 - 0.04 * n,
            "shares": 14 + 9 * n,
        }
        api.post(f"/api/v1/jobs/{job}/performance", json=numbers).raise_for_status()


def pages(api: httpx.Client, job: str) -> list[tuple[str, str]]:
    """Every page there is to look at: name, address."""
    wanted = [
        ("new", "/?example=octopus"),
        ("job", f"/jobs/{job}"),
        ("edit-scene", f"/jobs/{job}/scenes/1"),
        ("performance", f"/jobs/{job}/performance"),
        ("library", "/library"),
        ("insights", "/insights"),
        ("batch", "/batches"),
        ("keys", "/keys"),
        ("problem", "/nowhere"),
    ]
    return [(name, path) for name, path in wanted if name == "problem" or api.get(path).status_code == 200]


def take(browser: Browser, url: str, folder: Path, name: str, path: str) -> None:
    """One page in both themes at both widths."""
    for theme in THEMES:
        for width, height in WINDOWS:
            context = browser.new_context(
                base_url=url, viewport={"width": width, "height": height}, color_scheme=theme
            )
            page = context.new_page()
            page.goto(path)
            keep(page, width, folder / f"{name}-{theme}-{width}.webp")
            context.close()


def keep(page: Page, width: int, target: Path) -> None:
    """The whole page as a picture, once all that it loads is there."""
    page.wait_for_timeout(700)
    if page.locator("[name=curve][value=icarus]").count():
        page.evaluate("document.querySelector('[name=curve][value=icarus]').click()")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": tall})  # fixed bars then lie at its end
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)
    print(f"{target.name} {target.stat().st_size // 1024} KB", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else GALLERY)
