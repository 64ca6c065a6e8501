"""What every page of Studio must stand: narrow windows, hostile titles, its own policy, little motion.

One browser walks all pages once. Looks are judged by people, over the pictures in docs/gallery.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.gateway.tests.conftest import orchestrator
from apps.gateway.tests.orchestrating import failure, snapshot
from apps.studio.tests.conftest import browser, page, pictures, video
from apps.studio.tests.driving import finished

__all__ = ["browser", "orchestrator", "page", "pictures", "video"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
    pytest.mark.django_db(databases="__all__", transaction=True),
]
#: Titles that break layouts: right to left, without a space, with marks above and below, with markup.
TITLES = (
    "لماذا لدى الأخطبوط ثلاثة قلوب، ولماذا يتوقف أحدها عن النبض حين يسبح في الماء",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2,
    "ऑक्टोपस के तीन दिल क्यों होते हैं और तैरते समय एक दिल क्यों रुक जाता है, यह जानिए",
    "为什么章鱼有三颗心脏而且血液是蓝色的为什么章鱼有三颗心脏而且血液是蓝色的为什么章鱼有三颗心脏",
    "<b onclick=alert(1)>{{ 7 * 7 }}</b> 👩🏽‍🚀🏳️‍🌈 \u202eback to front\u202c &amp; \\N{x}",
)
#: CSS pixels: 1280 at 400 %, a phone, 1440 at 200 %, a desk.
WIDTHS = (320, 390, 720, 1440)
WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
#: Elements that reach beyond the window though nothing around them scrolls.
STICK_OUT = """[...document.querySelectorAll("body *")].filter((one) => {
  if (one.getBoundingClientRect().right <= innerWidth + 1) return false;
  for (let box = one; box; box = box.parentElement)
    if (box !== one && getComputedStyle(box).overflowX !== "visible") return false;
  return !one.closest(".visually-hidden");
}).slice(0, 4).map((one) => `${one.tagName}.${one.getAttribute("class") ?? ""}`).join(" ")"""


@pytest.fixture
def shelf(orchestrator: Any, video: Any, pictures: Any) -> list[UUID]:
    """A short for each title: finished, failed, running, queued, cancelled."""
    ids = []
    for n, title in enumerate(TITLES):
        brief = {"topic": title[:120], "facts": [title[:200], "It has three hearts."], "channel": title[:30]}
        ids.append(gateway.submit_brief(brief, idempotency_key=str(n)).id)
    finish, fail, run = ids[:3]
    orchestrator.snapshots[finish] = finished(finish, video, pictures)
    why = replace(failure(), reason=TITLES[1], remedy=TITLES[0])
    orchestrator.snapshots[fail] = snapshot(fail, JobStatus.FAILED, failure=why)
    orchestrator.snapshots[run] = snapshot(run, JobStatus.RUNNING, pictures={0: pictures[0]})
    Job.objects.filter(id=finish).update(status="completed", score=81.0)
    told = {"code": "provider_refused", "reason": TITLES[1], "remedy": TITLES[0], "stage": "write"}
    Job.objects.filter(id=fail).update(status="failed", failure=told)
    gateway.create_key(TITLES[1][:100])
    return ids


def pages(ids: list[UUID]) -> dict[str, str]:
    sheet = "topic,facts,channel\n" + "".join(f'"{title}","{title}","{title[:40]}"\n' for title in TITLES)
    batch, _ = gateway.check_batch(sheet.encode(), filename=f"{TITLES[1][:80]}.csv", name=TITLES[1][:120])
    jobs = {
        f"job {status}": f"/jobs/{job}" for status, job in zip(("done", "failed", "live"), ids, strict=False)
    }
    return {
        "new": f"/?from={ids[1]}",
        **jobs,
        "scene": f"/jobs/{ids[0]}/scenes/0",
        "library": "/library",
        "library filtered": f"/library?q={TITLES[1][:90]}&status=failed&platform=tiktok",
        "insights": "/insights",
        "insights entry": "/insights/performance",
        "experiments": "/experiments",
        "experiment": "/experiments/new",
        "batches": "/batches",
        "batch": f"/batches/{batch.id}",
        "keys": "/keys",
    }


def wrongs(page: Page) -> list[str]:
    """What a page does that it must not, at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(60)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{wide} px wide in {width}: {page.evaluate(STICK_OUT)}")
    found += [f"policy: {words}" for words in page.evaluate("window.refused")]
    if moving := page.evaluate("document.getAnimations().length"):
        found.append(f"{moving} animations though little motion is wanted")
    return found


def test_no_page_scrolls_sideways_moves_or_breaks_its_policy(
    page: Page, orchestrator: Any, shelf: list[UUID]
) -> None:
    page.add_init_script(WATCH)
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    wrong = {}
    for name, path in pages(shelf).items():
        page.goto(path)
        page.wait_for_timeout(250)
        if found := wrongs(page):
            wrong[name] = found

    assert wrong == {}
