"""The mails and the gallery, opened in a real browser at the width of a desk and of a phone.

Set MAIL_SHOTS to a folder to keep the pictures and look at them.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mail_samples import SAMPLES, SETTINGS, notice, renderer
from test_render import everywhere

from automator.core.notice import MailKind
from automator.mail.folder import FolderTransport

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on PATH (apt install chromium)"
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = (1200, 375)
CLIPPED = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const style = getComputedStyle(e);
  const hides = style.overflowX !== 'visible' || style.textOverflow === 'ellipsis';
  const box = e.getBoundingClientRect();
  const outside = box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
  return outside || (hides && e.scrollWidth > e.clientWidth + 1);
}).map((e) => e.tagName + ': ' + e.textContent.trim().slice(0, 60))"""
CONTRAST = """() => {
  const light = (rgb) => {
    const part = rgb.match(/[\\d.]+/g).map(Number).slice(0, 3).map((v) => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = [...document.querySelectorAll('body *')].filter((e) =>
    [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
  return Math.min(...texts.map((e) => {
    const pair = [light(getComputedStyle(e).color), light(ground(e))].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  }));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium once."""
    with sync_api.sync_playwright() as player:
        started = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="module", params=WIDTHS)
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return an empty page of one width that may load nothing from a network."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    context.route(re.compile(r"^https?://"), lambda route: route.abort())
    yield context.new_page()
    context.close()


def assert_fits(page: Any, name: str) -> None:
    """Check that nothing is wider than the page, cut off, or hard to read."""
    width = page.viewport_size["width"]
    if shots := os.environ.get("MAIL_SHOTS"):
        page.screenshot(path=Path(shots) / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(CONTRAST) >= 4.5


@pytest.mark.parametrize("name", SAMPLES)
def test_mail_fits_its_screen(page: Any, name: str) -> None:
    """Each mail is read by scrolling down only, with clear contrast."""
    page.set_content(renderer().render(SAMPLES[name]).html)
    assert_fits(page, name)


@pytest.mark.parametrize("name", ["digest_leader", "several", "urgent_principal"])
def test_mail_fits_where_style_sheets_are_dropped(page: Any, name: str) -> None:
    """Some mail programs drop the style sheet: the inline styles alone must do."""
    html = renderer().render(SAMPLES[name]).html
    page.set_content(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize("name", ["digest_leader", "several", "urgent_duty", "escalate", "alert"])
def test_long_words_do_not_widen_the_page(page: Any, name: str) -> None:
    """A cell without a single space breaks where it must."""
    page.set_content(renderer().render(everywhere(SAMPLES[name], "W" * 120)).html)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]


def test_gallery_fits_filters_and_opens_mails(page: Any, tmp_path: Path) -> None:
    """The page of the outbox finds a mail, shows its html and its text, and fits a phone."""
    transport = FolderTransport(tmp_path, SETTINGS)
    for sample in SAMPLES.values():
        transport.send(renderer().render(sample))
    transport.close()
    page.goto((tmp_path / "index.html").as_uri())
    assert_fits(page, "gallery")
    page.fill("#words", "dinh chinh")
    assert page.locator("details:visible").count() == 1
    page.fill("#words", "")
    page.select_option("#kind", "received")
    mail = page.locator("details:visible")
    assert mail.count() == 1
    mail.locator("summary").click()
    frame = page.frame_locator("details[open] iframe")
    assert "Xác nhận đã nhận" in frame.locator("h1").inner_text()
    mail.get_by_text("Bản chữ").click()
    assert "Việc nhắc đối với nội dung này được kết thúc" in " ".join(
        mail.locator("pre").inner_text().split()
    )
    assert not mail.locator("iframe").is_visible()
    assert_fits(page, "gallery-open")


def test_script_in_a_cell_does_not_run(page: Any) -> None:
    """Even opened outside a mail program, nothing of a cell is executed."""
    name = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"
    sample = notice(MailKind.REMIND, "2021-02-20T07:00")
    page.set_content(renderer().render(replace(sample, addressee=name, unit_name=name)).html)
    assert page.locator("img, script").count() == 0
    assert page.title() != "ran"
