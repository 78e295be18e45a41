"""A page in a real browser, with all that goes wrong on it and all that it asks for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install 'etude[test]'")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]


class Visit:
    """A page with all that went wrong on it and all that it asked for."""

    def __init__(self, tab: "api.Page", path: Path, width: int, fragment: str = ""):
        self.page = tab
        self.page.set_default_timeout(30_000)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.listeners = {
            "console": lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None,
            "pageerror": lambda error: self.complaints.append(str(error)),
            "request": lambda request: self.requests.append(request.url),
        }
        for event, listener in self.listeners.items():
            self.page.on(event, listener)
        self.page.goto(path.as_uri() + fragment)

    def end(self) -> None:
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)
        self.page.goto("about:blank")

    def drawn(self) -> tuple[int, int]:
        return tuple(
            self.page.evaluate(
                "[document.querySelectorAll('.canvas .main-svg:first-child').length,"
                " document.querySelectorAll('.canvas').length]"
            )
        )

    def scroll_through(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        self.page.evaluate(
            """async () => {
              document.documentElement.style.scrollBehavior = "auto";
              for (let y = 0; y < document.documentElement.scrollHeight; y += 800) {
                scrollTo(0, y);
                await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 20)));
              }
            }"""
        )
        self.page.wait_for_function(
            "[...document.querySelectorAll('.canvas')].every((c) => c.querySelector('.main-svg'))"
        )

    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def opened() -> Iterator["api.Page"]:
    """A tab of a browser that is started for it."""
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started.new_page()
        started.close()
