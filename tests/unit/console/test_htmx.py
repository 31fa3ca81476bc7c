"""What was vendored is what its makers published."""

import hashlib
from pathlib import Path

from console.app import STATIC

# dist/htmx.min.js of htmx.org 2.0.11 as published on npm.
HTMX_SHA256 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
TEMPLATES = Path(STATIC).parent / "templates"


def test_htmx_is_unchanged_and_comes_with_its_licence() -> None:
    assert hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == HTMX_SHA256
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE.txt").read_text(encoding="utf-8")


def test_no_template_holds_a_script_a_style_or_unescaped_words() -> None:
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        for mark in ("<script>", "<style", " style=", " onclick", "|safe", "javascript:", "hx-on", "autoescape false"):
            assert mark not in text, (path.name, mark)
