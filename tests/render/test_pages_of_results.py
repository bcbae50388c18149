"""``-o html``: every result is a page that sends nothing, is read by everybody, and never lies."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from relaysim.render.report.strip_picture import strip_picture
from relaysim.render.terminal import render_terminal
from relaysim.render.view import Mark, Strip, View
from tests.console import ROOT
from tests.console import relaysim as run
from tests.render.test_report import CHROMIUM, HOSTILE, outline

SERVER = (ROOT / "docs/examples/mx1.toml").read_text("utf-8")
KINDS = ("map", "audit", "diff", "replay")
AXE = os.environ.get("RELAYSIM_AXE", "")


def page_of(kind, folder, server=SERVER):
    """Return the page of a command about a server file text."""
    config = folder / "s.toml"
    config.write_text(server, encoding="utf-8")
    arguments = {
        "map": ["map", "-c", str(config), "--auth", "none", "--auth", "user"],
        "audit": ["audit", "-c", str(config)],
        "diff": ["diff", str(config), "builtin:option-2"],
        "replay": [
            *("replay", str(ROOT / "docs/examples/receive.log"), "-c", str(config), "--suggest")
        ],
        "report": ["report", "-c", str(config)],
    }[kind]
    done = run([*arguments, "--date", "2026-01-01", "-o", "html"])
    assert done.code == 0, done.output
    return done.output[done.output.index("<!doctype") :]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_loads_nothing_has_no_script_and_its_parts_have_names(kind, tmp_path):
    text = page_of(kind, tmp_path)
    found = outline(text)
    assert found.loads == []
    assert not {"script", "link"} & set(found.tags)
    assert "url(http" not in text
    assert found.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert found.tags.count("caption") == found.tags.count("table")
    assert found.tags.count("desc") == found.tags.count("svg")
    assert "<dt></dt>" not in text
    assert "Made on 2026-01-01 by relaysim" in text


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_names_are_text_on_every_page(kind, tmp_path):
    text = page_of(kind, tmp_path, SERVER.replace('"Printers"', json.dumps(HOSTILE)))
    assert "<script>" not in text
    assert "\u202e" not in text


def test_equal_input_and_day_give_an_equal_page(tmp_path):
    assert page_of("map", tmp_path) == page_of("map", tmp_path)


def test_a_page_says_what_the_text_says(tmp_path):
    text = page_of("diff", tmp_path)
    shown = run(["diff", str(tmp_path / "s.toml"), "builtin:option-2"]).output
    assert shown.splitlines()[0] in re.sub(r"&#x27;", "'", text)


CALM, OPEN = Mark(".", "dim", "nothing", "empty"), Mark("R", "bold red", "may relay", "hatch")
STRIP = Strip("who", ((CALM, 1000), (OPEN, 1)))


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("color", [True, False])
def test_a_bar_on_a_terminal_shows_the_least_piece_and_fits(width, color):
    text = render_terminal(View("v", "", strips=(STRIP,)), color=color, width=width)
    plain = re.sub(r"\x1b\[[\d;]*m", "", text)
    bar = next(line for line in plain.splitlines() if line.startswith("....."))
    assert bar.endswith("R")
    assert len(bar) == width
    assert "R may relay" in plain
    assert ("\x1b[" in text) is color
    assert not re.search(r"\x1b\[[\d;]*38;", text), "more than 16 colours"


def test_many_pieces_in_few_cells_leave_the_dangerous_ones_to_be_seen():
    pieces = tuple((OPEN if place == 77 else CALM, 1) for place in range(1000))
    text = render_terminal(View("v", "", strips=(Strip("who", pieces),)), color=False, width=60)
    assert "R" in next(line for line in text.splitlines() if line.startswith("...."))


def test_a_picture_means_what_the_bar_means():
    text = strip_picture(STRIP, number=1)
    assert "<title>may relay: 1</title>" in text
    assert "url(#hatch1)" in text
    assert "nothing: 1,000, may relay: 1" in text


def seen_in_chromium(folder, page, script, width):
    """Return what a script in the page says, in a window of this width; nothing is on the net."""
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    (folder / "probe.html").write_text(page.replace("</body>", f"{script}</body>"), "utf-8")
    frame = (
        f'<iframe src="probe.html" style="width:{width}px;height:900px;border:0"></iframe>'
        "<script>setInterval(() => { document.body.dataset.seen = "
        "frames[0].document.title }, 50)</script>"
    )
    (folder / "frame.html").write_text(f"<!doctype html><body>{frame}</body>", "utf-8")
    done = subprocess.run(
        [
            *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--allow-file-access-from-files", "--enable-logging=stderr", "--log-level=0"),
            *("--virtual-time-budget=6000", "--dump-dom", f"--user-data-dir={folder / 'profile'}"),
            (folder / "frame.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found is not None, done.stderr[-500:]
    return found[1], [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [390, 1440])
def test_all_pages_are_within_the_window_and_ask_nobody(tmp_path, width):
    pages = [page_of(kind, tmp_path) for kind in KINDS]
    bodies = [page.partition("<body>")[2].partition("</body>")[0] for page in pages]
    script = (
        "<script>document.title = [document.documentElement.scrollWidth, window.innerWidth,"
        "performance.getEntriesByType('resource').length].join(' ')</script>"
    )
    # One window for the four of them: they share frame and style.
    page = pages[0].replace("</body>", "".join(bodies[1:]) + "</body>")
    seen, complaints = seen_in_chromium(tmp_path, page, script, width)
    widest, window, requests = map(int, seen.split())
    assert widest <= window == width
    assert requests == 0
    assert complaints == []


@pytest.mark.skipif(
    CHROMIUM is None or not AXE, reason="no Chromium here, or RELAYSIM_AXE names no axe.min.js"
)
@pytest.mark.parametrize("kind", [*KINDS, "report"])
def test_axe_finds_nothing(kind, tmp_path):
    script = (
        f"<script>{Path(AXE).read_text('utf-8')}</script><script>axe.run().then(found => "
        "{ document.title = 'axe ' + found.violations.map(v => v.id + ': ' + "
        "v.nodes.map(n => n.target).join(' ')).join('; ') })</script>"
    )
    seen, _ = seen_in_chromium(tmp_path, page_of(kind, tmp_path), script, 1440)
    assert seen == "axe"
