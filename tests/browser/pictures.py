"""Saves the pictures of the documentation."""

from PIL import Image
from playwright.sync_api import Page

from tests.browser.steps import REPOSITORY

FOLDER = REPOSITORY / "docs" / "screenshots"
COLOURS = 96
MAX_BYTES = 150_000


def keep(page: Page, name: str) -> None:
    """Save a picture, with as few colours as text on paper needs."""
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(400)  # the panel rises, the type settles
    path = FOLDER / f"{name}.png"
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= MAX_BYTES, path
