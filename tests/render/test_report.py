"""The report is one page that sends nothing anywhere, reads well everywhere and never lies."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

from relaysim.cli import cli
from tests.console import ROOT

CHROMIUM = shutil.which("chromium")
HOSTILE = "<script>alert(1)</script>]]>\"'`|\u202e"


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Return what writes a report of a server file text and gives its text."""
    monkeypatch.chdir(tmp_path)

    def make(text, form="html"):
        (tmp_path / "s.toml").write_text(text, encoding="utf-8")
        target = tmp_path / f"r.{form}"
        cli.main(
            ["report", "-c", "s.toml", "--date", "2026-01-01", "-o", f"{form}:{target}"],
            prog_name="relaysim",
            standalone_mode=False,
        )
        return target.read_text("utf-8")

    return make


SERVER = (ROOT / "docs/examples/mx1.toml").read_text("utf-8")


class Outline(HTMLParser):
    """Collects tags, headings and attributes that would load something."""

    def __init__(self):
        super().__init__()
        self.tags, self.headings, self.loads = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.loads += [v for k, v in attrs if k in ("src", "href", "srcset", "action", "data")]


def outline(text):
    parser = Outline()
    parser.feed(text)
    return parser


def test_the_page_loads_nothing_and_has_no_script(page):
    found = outline(page(SERVER))
    assert found.loads == []
    assert "script" not in found.tags
    assert "link" not in found.tags
    assert "url(http" not in page(SERVER)


def test_headings_are_in_order_and_tables_have_headers(page):
    found = outline(page(SERVER))
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert found.tags.count("caption") == found.tags.count("table")
    assert "title" in found.tags[found.tags.index("svg") :]


def test_equal_input_gives_an_equal_page(page):
    assert page(SERVER) == page(SERVER)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_hostile_names_are_text_and_nothing_else(page, form):
    text = SERVER.replace('"Printers"', json.dumps(HOSTILE))
    made = page(text, form)
    if form == "markdown":
        made = re.sub(r"(`+) .*? \1", "", made)
    assert "<script>" not in made
    assert "\u202e" not in made
    if form == "html":
        assert outline(made).tags.count("script") == 0


def test_the_verdict_says_who_relays(page):
    assert "Only 256 named addresses may relay without a password" in page(SERVER)
    opened = SERVER.replace('["172.16.4.0/24"]', '["0.0.0.0-255.255.255.254"]')
    assert "Strangers on the Internet may relay" in page(opened)


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_what_is_undecided_is_not_said_of_nobody(page, form):
    text = page(
        SERVER.replace("[[connector]]", '[[connector]]\nunknown = ["remote_ip_ranges"]'), form
    )
    assert "cannot be told from the input who may relay" in text
    assert "| relay | nobody |" not in text
    assert "nobody, anywhere that was covered" not in text
    assert "ndecided" in text


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_principal_with_an_entry_of_its_own_stands_in_the_table(page, form):
    entry = "[[connector.ace]]\nuser = 'FABRIKAM\\Relayers'\nrights = "
    entry += "['Submit', 'Accept-Any-Recipient']\n"
    begin = '[[connector]]\nname = "Client Frontend MX1"'
    text = page(SERVER.replace(begin, entry + begin), form)
    assert "members of FABRIKAM" in text


def test_what_relays_stands_out_by_form_on_its_connector_only(page):
    text = page(SERVER)
    assert text.count('class="relay"') == 1


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("width", [390, 1440])
def test_all_of_the_page_is_within_the_window(page, tmp_path, width):
    text = page(SERVER)
    probe = (
        "<script>document.title = Math.max(document.documentElement.scrollWidth,"
        "document.body.scrollWidth) + ' ' + window.innerWidth</script>"
    )
    # The probe is the test's own: the page itself allows no script.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    (tmp_path / "probe.html").write_text(text.replace("</body>", f"{probe}</body>"), "utf-8")
    frame = (
        f'<iframe src="probe.html" style="width:{width}px;height:900px;border:0" '
        'onload="document.body.dataset.seen=this.contentDocument.title"></iframe>'
    )
    (tmp_path / "frame.html").write_text(f"<!doctype html><body>{frame}</body>", "utf-8")
    done = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--allow-file-access-from-files",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=3000",
            "--dump-dom",
            (tmp_path / "frame.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    seen = re.search(r'data-seen="(\d+) (\d+)"', done.stdout)
    assert seen is not None, done.stderr[-500:]
    assert int(seen[1]) <= int(seen[2]) == width
