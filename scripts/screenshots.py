"""Screenshots of every page of Studio and admin, in both themes at both widths, for docs/gallery.

Run by `python -m scripts.screenshots`; needs Chromium and the dev requirements. It starts an installation of
its own and makes a few shorts in it. `--again` keeps the shorts of the last run, `--only NAME...` takes these
pages alone, `--whole` writes full-length PNG into `--folder` for looking. Tells which pages failed or broke a
rule (see scripts/camera.py), takes all others, and ends with 1 if there was any.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.installation import ROOT, STOP_TIMEOUT, fresh
from config.embedded import wait_until_stopped
from scripts import admin_screenshots, example_shorts
from scripts.camera import Camera, Shot, launch

GALLERY = ROOT / "docs" / "gallery"
#: Small frames: the pictures show them 320 pixels wide. The writer that a failed job asks is not there.
ENVIRONMENT = {
    "FRAME_WIDTH": "540",
    "FRAME_HEIGHT": "960",
    "RETRY_LIMIT": "1",
    "STAGE_TRIES": "2",
    "WEBHOOK_ALLOW_PRIVATE": "1",
    "LLM_BASE_URL": "http://127.0.0.1:9/v1",
    "LLM_MODEL": "a-model-that-is-away",
}
FIRST_TOPIC = "Why an octopus has three hearts"
#: Milliseconds that a short may take on a busy machine.
A_SHORT = 400_000


def main(options: argparse.Namespace) -> int:
    """Take the pictures; 1 where a page failed."""
    prepare(again=options.again)
    from scripts import demo  # reads where the installation is, which has only now been said

    with demo.installation(demo.free_port()) as url, sync_playwright() as playwright:
        browser = launch(playwright)
        studio, admin = (camera(browser, url, options, part) for part in ("studio", "admin"))
        api = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {demo.new_key()}"}, timeout=60)
        job = first_short(browser, studio, options.only, api)
        with example_shorts.receiver() as port:
            example_shorts.fill(api, job, port)
        studio.take(wanted(studio_shots(api, job), options.only))
        admin.take(wanted([admin_screenshots.LOGIN], options.only, "admin-"))
        if shots := wanted(admin_screenshots.shots(), options.only, "admin-"):
            admin_screenshots.log_in(admin)
            admin.take(shots)
    return tell([*studio.troubles, *(f"admin {words}" for words in admin.troubles)])


def prepare(*, again: bool) -> None:
    """An empty installation, or the last one as it was left."""
    if not again:
        fresh("screenshots", **ENVIRONMENT)
        return
    var = ROOT / "var" / "bench" / "screenshots"
    if not wait_until_stopped(var / "servers", STOP_TIMEOUT):
        raise SystemExit(f"Something still uses {var}: stop it first.")
    for variable in ("DATABASE_URL", "BROKER_URL"):
        os.environ.pop(variable, None)
    os.environ.update(
        VAR=str(var), DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="WARNING", **ENVIRONMENT
    )


def camera(browser: Browser, url: str, options: argparse.Namespace, part: str) -> Camera:
    """One that writes into a folder of its own; what an earlier run wrote goes, if all is new."""
    folder = options.folder / part
    folder.mkdir(parents=True, exist_ok=True)
    if not options.only and not options.again:
        for old in folder.glob("*.webp"):
            old.unlink()
    return Camera(browser, url, folder, whole=options.whole)


def wanted(shots: Sequence[Shot], only: Sequence[str], prefix: str = "") -> list[Shot]:
    """The pages that were asked for; all, where none was named."""
    return [shot for shot in shots if not only or prefix + shot.name in only]


def first_short(browser: Browser, studio: Camera, only: Sequence[str], api: httpx.Client) -> str:
    """The short that a first visitor makes with one button; its id. The first visit is taken too."""
    if job := example_shorts.job_of(api, FIRST_TOPIC):
        return job
    studio.take(wanted([Shot("first-run", "/")], only))
    page = browser.new_page(base_url=studio.url)
    page.goto("/")
    page.get_by_role("button", name="Make my first short").click()
    page.wait_for_url("**/jobs/*")
    path = page.url.removeprefix(studio.url)
    page.locator(".scene img").nth(1).wait_for(timeout=A_SHORT)
    studio.take(wanted([Shot("job-running", path)], only))
    page.locator("#player").wait_for(timeout=A_SHORT)
    page.close()
    return path.rpartition("/")[2]


def studio_shots(api: httpx.Client, job: str) -> list[Shot]:
    """Studio's pages, once there is something to see on each."""
    failed = example_shorts.job_of(api, str(example_shorts.UNREACHABLE["topic"]))
    batches = example_shorts.get(api, "/api/v1/batches")["results"]
    batch = next(one["id"] for one in batches if one["submitted_at"])
    experiment = example_shorts.get(api, "/api/v1/experiments")["results"][0]["id"]
    hooks = example_shorts.get(api, "/api/v1/webhooks")["results"]
    return [
        Shot("new", "/?example=octopus", choose_curve),
        Shot("new-errors", "/", sent_wrong),
        Shot("job", f"/jobs/{job}", played),
        Shot("job-failed", f"/jobs/{failed}"),
        Shot("edit-scene", f"/jobs/{job}", pressed("Edit scene 2")),
        Shot("edit-scene-alone", f"/jobs/{job}/scenes/1"),
        Shot("job-performance", f"/jobs/{job}/performance"),
        Shot("library", "/library"),
        Shot("library-filtered", "/library?platform=youtube_shorts&min_score=50&q=why"),
        Shot("library-nothing", "/library?q=giraffe"),
        Shot("insights", "/insights"),
        Shot("insights-numbers", "/insights/performance"),
        Shot("insights-import", "/insights/performance", uploaded("export.csv", example_shorts.export(api))),
        Shot("batch", "/batches"),
        Shot("batch-problems", "/batches", uploaded("december.csv", example_shorts.SHEET.encode())),
        Shot("batch-followed", f"/batches/{batch}"),
        Shot("experiments", "/experiments"),
        Shot("experiment-new", f"/experiments/new?from={job}"),
        Shot("experiment", f"/experiments/{experiment}"),
        Shot("keys", "/keys"),
        Shot("keys-made", "/keys", made_key),
        Shot("webhook", f"/keys/webhooks/{hooks[-1]['id']}"),
        Shot("webhook-failing", f"/keys/webhooks/{hooks[0]['id']}"),
        Shot("problem-404", "/nowhere"),
        Shot("problem-403", "/batches", without_token),
    ]


def choose_curve(page: Page) -> None:
    """Open the drawn curve."""
    page.locator("[name=curve][value=icarus]").dispatch_event("click")


def sent_wrong(page: Page) -> None:
    """A brief of which nearly everything is missing or wrong."""
    page.get_by_label("Length in seconds").fill("900")
    page.get_by_label("Facts", exact=True).fill("x" * 400)
    page.locator("#brief button[type=submit]").last.click()
    page.locator("#problems").wait_for()


def played(page: Page) -> None:
    """Somewhere in the middle of the short."""
    page.locator("[data-seek]").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)


def pressed(name: str) -> Callable[[Page], None]:
    """Press a button or a link, and wait for what comes."""

    def press(page: Page) -> None:
        page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()
        page.wait_for_timeout(400)

    return press


def uploaded(name: str, content: bytes) -> Callable[[Page], None]:
    """Choose a file in the page's form and send it."""

    def upload(page: Page) -> None:
        file = page.locator("input[type=file]")
        file.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        page.locator("form:has(input[type=file]) button").click()
        page.wait_for_load_state()

    return upload


def made_key(page: Page) -> None:
    """A key as it is shown once."""
    opened = page.locator("details.new").first
    if opened.get_attribute("open") is None:
        opened.locator("summary").first.click()
    page.get_by_label("Name", exact=True).fill("The planner")
    page.get_by_role("button", name="Make the key").click()
    page.wait_for_load_state()


def without_token(page: Page) -> None:
    """A form that was kept too long."""
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => one.remove())")
    page.locator("form:has(input[type=file]) button").click()
    page.wait_for_load_state()


def tell(troubles: list[str]) -> int:
    """Print what was wrong; 1 where anything was."""
    for words in troubles:
        print(f"TROUBLE {words}", flush=True)
    print(f"{len(troubles)} troubles", flush=True)
    return 1 if troubles else 0


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--again", action="store_true", help="with the shorts of the last run")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="PAGE", help="these pages; admin-NAME for admin"
    )
    parser.add_argument("--whole", action="store_true", help="full-length PNG instead of the gallery's WebP")
    parser.add_argument("--folder", type=Path, default=GALLERY)
    return parser.parse_args()


if __name__ == "__main__":
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    sys.exit(main(arguments()))
