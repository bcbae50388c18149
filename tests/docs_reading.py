"""Reads citations, tables and links out of pages, code and scenarios."""

import ast
import io
import re
import tokenize

ID = re.compile(r"[A-Z][A-Za-z0-9]+")
PAGE_CITATION = re.compile(r"\[([A-Z][A-Za-z0-9]+(?:, [A-Z][A-Za-z0-9]+)*)\](?![(\[:])")
# A SID such as S-1-5-7 is no rule id, nor is the tail of a longer word.
RULE_ID = re.compile(r"(?<![\w-])[GSIAOVPD]-\d{1,3}[a-z]?(?![\w-])")


class BadCitation(Exception):
    """Text after ``Source:`` that is no list of ids."""


def parse_citation(text):
    """Return the ids of ``A, B (remark); C``, up to a full stop or the end of the paragraph."""
    text = " ".join(text.split("\n\n")[0].split())
    ids, position = [], 0
    while True:
        found = ID.match(text, position)
        if found is None:
            raise BadCitation(f"no id at `{text[position : position + 30]}`")
        ids.append(found.group())
        position = found.end()
        if text.startswith(" (", position):
            position = text.find(")", position) + 1
            if position == 0:
                raise BadCitation(f"a remark is not closed in `{text}`")
        rest = text[position:]
        if rest in ("", ".") or rest.startswith(". "):
            return ids
        if rest[:2] not in (", ", "; "):
            raise BadCitation(f"expected a comma or a full stop at `{rest[:30]}`")
        position += 2


def prose_of(code):
    """Return the docstrings and comment blocks of a module."""
    blocks = [
        node.value.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    comments, last_line = "", -1
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            separator = "\n" if token.start[0] == last_line + 1 else "\n\n"
            comments += separator + token.string.lstrip("# ")
            last_line = token.start[0]
    return [*blocks, comments]


def citations_of_code(code):
    if "Source:" not in code:
        return []
    return [
        cited
        for block in prose_of(code)
        for after in re.split(r"(?<!`)\bSource:", re.sub(r"\n[ \t]+(?=\n)", "\n", block))[1:]
        for cited in parse_citation(after)
    ]


def citations_of_scenario(data):
    if isinstance(data, list):
        return [cited for item in data for cited in citations_of_scenario(item)]
    if not isinstance(data, dict):
        return []
    cited = []
    for key, value in data.items():
        if key == "source":
            for text in value if isinstance(value, list) else [value]:
                cited += parse_citation(text)
        else:
            cited += citations_of_scenario(value)
    return cited


def without_code(markdown):
    """Return a page without its fenced blocks and inline code."""
    return re.sub(
        r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL)
    )


def citations_of_page(markdown):
    return [
        cited
        for group in PAGE_CITATION.findall(without_code(markdown))
        for cited in group.split(", ")
    ]


def table_rows(markdown):
    """Return the cells of every table row, without headings and separators."""
    rows = []
    lines = re.sub(r"^```.*?^```", "", markdown, flags=re.MULTILINE | re.DOTALL).splitlines()
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        if line.startswith("| ") and not line.startswith("| ---"):
            if following.startswith("| ---"):
                continue
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
    return rows


def section(markdown, heading_part):
    """Return the text of the ``##`` section whose heading contains a text."""
    for part in re.split(r"^## ", markdown, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        if heading_part in heading:
            return body
    raise AssertionError(f"no section about {heading_part}")


def registry(markdown):
    return [row[0] for row in table_rows(markdown) if len(row) == 6]


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken_links(page):
    """Return the relative links of a page that lead nowhere, headings included."""
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            broken.append(target)
        elif anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), flags=re.MULTILINE)
            if anchor not in map(slug, headings):
                broken.append(target)
    return broken


def unknown(cited, known):
    return sorted({f"{place}: {one}" for place, one in cited if one not in known})


def uncited(cited, known):
    return sorted(set(known) - {one for _, one in cited})
