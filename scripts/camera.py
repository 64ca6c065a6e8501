"""Takes pictures of pages in both themes at both widths, and notes what a page does that it must not.

A page that cannot be shown is told in `Camera.troubles`; the next ones are still taken. Knows no page.
"""

import io
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Response

Act = Callable[[Page], None]
Theme = Literal["light", "dark"]

THEMES: tuple[Theme, ...] = ("light", "dark")
#: Width and height of the windows: a desk and a phone.
WINDOWS = ((1440, 1000), (390, 844))
#: Narrowest window that a page must fit without scrolling sideways (WCAG 2.2, 1.4.10): 1280 pixels at 400 %.
NARROWEST = 320
#: Longest picture, in pixels; further down a page only goes on. More makes the gallery heavy.
TALLEST = 1400
#: WebP quality; lower smears small text.
QUALITY = 42
#: Milliseconds one step of a page may take.
PATIENCE = 15_000
#: Bytes that a page may weigh without its media, uncompressed.
WEIGHT = 150_000
_WATCH = """
localStorage.removeItem("hookloop:draft");
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
_LOADED = (
    "document.readyState === 'complete' && [...document.images].every((image) => image.complete)"
    " && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
)


@dataclass(frozen=True)
class Shot:
    """A page: the picture's name, its address, what to do there first, and how much of it is kept."""

    name: str
    path: str
    act: Act | None = None
    tallest: int = TALLEST


@dataclass
class Camera:
    """A browser that writes `<name>-<theme>-<width>.webp` into a folder; `whole`: PNG in full length."""

    browser: Browser
    url: str
    folder: Path
    whole: bool = False
    troubles: list[str] = field(default_factory=list)
    state: Any = None

    def take(self, shots: Iterable[Shot]) -> None:
        """Each page in each theme and width."""
        for shot in shots:
            for theme in THEMES:
                for window in WINDOWS:
                    self._take(shot, theme, window)

    def _take(self, shot: Shot, theme: Theme, window: tuple[int, int]) -> None:
        width, height = window
        name = f"{shot.name}-{theme}-{width}"
        context = self.context(theme, width, height)
        try:
            page = watched(context)
            loaded: list[Response] = []
            page.on("response", lambda answer: loaded.append(answer))
            page.goto(shot.path)
            if shot.act:
                shot.act(page)
            settle(page)
            self._keep(page, width, name, shot.tallest)
            self.troubles += [f"{name}: {words}" for words in wrongs(page, loaded, self.url)]
        except Error as error:
            self.troubles.append(f"{name}: {str(error).splitlines()[0]}")
        finally:
            context.close()

    def context(self, theme: Theme, width: int, height: int) -> BrowserContext:
        """A window of its own, in which whoever `state` describes is logged in."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
            storage_state=self.state,
        )
        context.set_default_timeout(PATIENCE)
        return context

    def _keep(self, page: Page, width: int, name: str, tallest: int) -> None:
        """The page in its whole height, so that what sticks to the window's edge lies at its end."""
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": tall if self.whole else min(tall, tallest)})
        settle(page)
        # Hiding the caret would put a style element into the page, which its policy refuses.
        picture = page.screenshot(caret="initial")
        if self.whole:
            (self.folder / f"{name}.png").write_bytes(picture)
            return
        target = self.folder / f"{name}.webp"
        Image.open(io.BytesIO(picture)).convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, or Chrome."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])


def watched(context: BrowserContext) -> Page:
    """A page that remembers what its policy refused and what its scripts stumbled over."""
    page = context.new_page()
    page.add_init_script(_WATCH)
    stumbled: list[str] = []
    page.on("pageerror", lambda error: stumbled.append(str(error)))
    page.stumbled = stumbled  # type: ignore[attr-defined]
    return page


def settle(page: Page) -> None:
    """Until pictures are there and nothing is being exchanged; a page that never rests is taken as it is."""
    for _ in range(40):
        page.wait_for_timeout(100)
        if page.evaluate(_LOADED):
            break
    page.wait_for_timeout(150)


def wrongs(page: Page, loaded: list[Response], url: str) -> list[str]:
    """What the page did or is that it must not: errors, refused styles, foreign hosts, weight, overflow."""
    found = [f"script error: {words}" for words in page.stumbled]  # type: ignore[attr-defined]
    found += [f"policy: {words}" for words in page.evaluate("window.refused")]
    found += [f"another host: {a.url[:80]}" for a in loaded if not a.url.startswith((url, "data:", "blob:"))]
    sizes = sorted(((_weight(one), one.url.rpartition("/")[2][:24]) for one in loaded), reverse=True)
    if (weight := sum(size for size, _ in sizes)) > WEIGHT:
        most = ", ".join(f"{name} {size // 1000}" for size, name in sizes[:8])
        found.append(f"weighs {weight // 1000} KB: {most}")
    width = int(page.evaluate("innerWidth"))
    for narrow in (width, NARROWEST) if width < 500 else (width,):
        page.set_viewport_size({"width": narrow, "height": 800})
        if (wide := int(page.evaluate("document.documentElement.scrollWidth"))) > narrow:
            found.append(f"{wide} px wide in {narrow}: {page.evaluate(_STICKS_OUT)}")
    return found


#: The first elements that reach beyond the window and lie in nothing that scrolls.
_STICKS_OUT = """[...document.querySelectorAll("main *")].filter((one) => {
  if (one.getBoundingClientRect().right <= innerWidth + 1) return false;
  for (let box = one; box; box = box.parentElement)
    if (box !== one && getComputedStyle(box).overflowX !== "visible") return false;
  return true;
}).slice(0, 3).map((one) => one.tagName + "." + (one.getAttribute("class") ?? "")).join(" ")"""


def _weight(answer: Response) -> int:
    kind = answer.headers.get("content-type", "")
    media = kind.startswith(("video/", "audio/")) or (kind.startswith("image/") and "svg" not in kind)
    later = answer.request.resource_type == "xhr" or "event-stream" in kind  # what htmx asks again and again
    if not answer.ok or media or later:
        return 0
    try:
        return len(answer.body())
    except Error:  # of a page that has been left
        return 0
