"""The pages say what the code does: citations, links, codes, rights and rule ids."""

import ast
import functools
import re
import tomllib
from enum import Enum
from pathlib import Path

import pytest

from relaysim import Session, evaluate, parse_address
from relaysim.config.serverfile import parse_server
from relaysim.errors import InvalidNotation
from relaysim.model import decision
from relaysim.model.connector import ReceiveConnector
from relaysim.model.groups import PermissionGroup, preset
from relaysim.model.organization import one_server
from relaysim.model.principals import EXTERNALLY_SECURED_SERVERS
from relaysim.model.rights import RIGHT_FACTS, Right
from relaysim.model.version import ExchangeVersion, ServerRole
from relaysim.net.notation import parse_range, parse_socket
from tests.docs_reading import (
    ID,
    RULE_ID,
    BadCitation,
    broken_links,
    citations_of_code,
    citations_of_page,
    citations_of_scenario,
    registry,
    section,
    table_rows,
    uncited,
    unknown,
)
from tests.property_page import property_rows

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCES = DOCS / "sources.md"
RULES = DOCS / "explanation" / "rules.md"
PAGES = sorted(DOCS.rglob("*.md")) + [page for page in [ROOT / "README.md"] if page.exists()]
CODE = re.compile(r"`([^`]*)`")
GRADES = {"documented", "observed", "third party", "inferred"}


def citations_in(file):
    """Return (place, id) for every citation of one file."""
    place, text = str(file.relative_to(ROOT)), file.read_text("utf-8")
    try:
        match file.suffix:
            case ".py":
                ids = citations_of_code(text)
            case ".toml":
                ids = citations_of_scenario(tomllib.loads(text))
            case _:
                ids = citations_of_page(text)
    except BadCitation as error:
        pytest.fail(f"{place}: {error}")
    return [(place, one) for one in ids]


@functools.cache
def every_citation():
    """Return (place, id) for every citation outside the registry."""
    # The tests of the reader are full of citations made up for them.
    left_out = {SOURCES, ROOT / "tests" / "test_docs_reading.py"}
    files = [
        *(ROOT / "relaysim").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        *(ROOT / "scenarios").rglob("*.toml"),
        *PAGES,
    ]
    return [found for file in files if file not in left_out for found in citations_in(file)]


def rule_ids():
    return [row[0] for row in table_rows(RULES.read_text("utf-8")) if RULE_ID.fullmatch(row[0])]


# The registry.


def test_every_cited_source_is_registered():
    assert unknown(every_citation(), registry(SOURCES.read_text("utf-8"))) == []


def test_every_registered_source_is_cited():
    assert uncited(every_citation(), registry(SOURCES.read_text("utf-8"))) == []


def test_every_source_has_an_id_of_its_own_and_complete_columns():
    rows = table_rows(section(SOURCES.read_text("utf-8"), "The article"))
    assert len(rows) == 2
    sources = [row for row in table_rows(SOURCES.read_text("utf-8")) if len(row) != 2]
    for row in sources:
        assert len(row) == 6, row
        assert ID.fullmatch(row[0]), row
        assert all(row), row
        assert row[4].endswith("."), row
        assert row[5] in GRADES, row
    ids = [row[0].casefold() for row in sources]
    assert len(ids) == len(set(ids))
    assert len(ids) > 50


# Links, and pages that can be found.


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    assert broken_links(page) == []


def test_every_page_is_reached_from_the_index():
    index = (DOCS / "index.md").read_text("utf-8")
    linked = {(DOCS / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)", index)}
    pages = {page.resolve() for page in DOCS.rglob("*.md")} - {(DOCS / "index.md").resolve()}
    assert pages <= linked


# Codes, rights, rules, keys.


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("`because`", decision.Reason),
        ("`reason`", decision.LostReason),
        ("`stage`", decision.Stage),
        ("`auth_as`", decision.AuthAs),
    ],
)
def test_every_code_is_explained_and_no_other(heading, kind):
    page = (DOCS / "reference" / "reason-codes.md").read_text("utf-8")
    explained = [row[0].strip("`") for row in table_rows(section(page, heading))]
    assert explained == [member.value for member in kind]


def test_no_enum_of_the_decision_is_left_out_of_the_reason_codes():
    kinds = {
        value.__name__
        for value in vars(decision).values()
        if isinstance(value, type) and issubclass(value, Enum) and value is not Enum
        if value.__module__ == decision.__name__
    }
    assert kinds == {"Reason", "LostReason", "Stage", "AuthAs"}


def groups_that_carry(right):
    parts = []
    for group in PermissionGroup:
        entries = [
            ace
            for ace in preset(
                group, exchange=ExchangeVersion.SE, role=ServerRole.HUB, domain="CONTOSO"
            )
            if ace.right is right
        ]
        if any(ace.deny for ace in entries):
            parts.append(f"{group.value} (denied)")
        elif group is PermissionGroup.EXCHANGE_SERVERS and entries:
            secured = any(ace.principal == EXTERNALLY_SECURED_SERVERS for ace in entries)
            parts.append(group.value if secured else f"{group.value} (not Externally Secured)")
        elif entries:
            parts.append(group.value)
    return ", ".join(parts) or "none"


def test_the_page_of_rights_agrees_with_the_model():
    page = (DOCS / "reference" / "rights.md").read_text("utf-8")
    receive = {row[0]: row[1:] for row in table_rows(section(page, "On receive connectors"))}
    elsewhere = {row[0]: row[1:] for row in table_rows(section(page, "Elsewhere"))}
    numbers = {row[0]: row[1:] for row in table_rows(section(page, "Names and numbers"))}
    many = (Right.ALL_EXTENDED_RIGHTS, Right.FULL_CONTROL)
    for right, facts in RIGHT_FACTS.items():
        name = f"`{right.value}`"
        if facts.receive:
            assert receive[name] == [facts.meaning, facts.without, groups_that_carry(right)]
        elif right in many:
            assert len(elsewhere[name]) == 1
            continue
        else:
            assert elsewhere[name] == [facts.meaning, facts.without]
        token = f"`{facts.token}`" if facts.token else "-"
        guid = f"`{facts.guid}`" if facts.guid else "-"
        assert numbers[name] == [token, guid, facts.display_name or "-", facts.since.value]
    assert len(receive) + len(elsewhere) == len(Right) == len(numbers) + len(many)


def test_every_rule_id_in_the_program_is_stated():
    stated = set(rule_ids())
    used = {
        f"{file.relative_to(ROOT)}: {rule}"
        for file in sorted((ROOT / "relaysim").rglob("*.py"))
        for rule in RULE_ID.findall(file.read_text("utf-8"))
        if rule not in stated
    }
    assert used == set()


def test_every_rule_id_in_the_pages_is_stated():
    stated = set(rule_ids())
    for page in PAGES:
        text = re.sub(r"`[^`\n]*`", "", page.read_text("utf-8"))
        assert set(RULE_ID.findall(text)) <= stated, page


def test_every_rule_is_stated_once_with_its_grade():
    ids = rule_ids()
    assert len(ids) == len(set(ids))
    rows = [r for r in table_rows(RULES.read_text("utf-8")) if RULE_ID.fullmatch(r[0])]
    grades = (*GRADES, "assumed", "conflicting", "-")
    for row in rows:
        assert row[-2].startswith(grades), row


def test_every_assumption_of_the_engine_is_among_the_limits():
    limits = set(RULE_ID.findall((DOCS / "explanation" / "limits.md").read_text("utf-8")))
    texts = (file.read_text("utf-8") for file in (ROOT / "relaysim").rglob("*.py"))
    assumed = {
        node.args[0].value
        for text in texts
        if "Assumption(" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Assumption"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {"O-5", "O-7"} <= assumed
    assert assumed <= limits


def test_the_page_about_server_files_names_only_keys_that_a_connector_has():
    page = (DOCS / "reference" / "server-file.md").read_text("utf-8")
    keys = {row[0].strip("`") for row in table_rows(section(page, "`[[connector]]`"))}
    fields = {
        name for name, field in ReceiveConnector.__dataclass_fields__.items() if name != "acl"
    }
    needed = {"bindings", "remote_ip_ranges", "auth_mechanism", "transport_role", "name"}
    assert keys - {"any other property"} <= fields | {"permission_groups"}
    assert keys >= needed | {"any other property", "permission_groups", "unmodelled"}


def test_the_examples_of_server_files_can_be_loaded():
    page = (DOCS / "reference" / "server-file.md").read_text("utf-8")
    examples = re.findall(r"^```toml\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    assert len(examples) == 3
    full, inherited, several = (
        parse_server(text.encode(), file="server-file.md") for text in examples
    )
    assert [connector.name for connector in full.connectors] == [
        "Default Frontend EX01",
        "CRM Application",
    ]
    assert [ace.right for ace in inherited.inherited_aces] == [Right.ALL_EXTENDED_RIGHTS]
    assert [(each.name, len(each.connectors)) for each in several.servers] == [
        ("EX01", 1),
        ("EX02", 0),
    ]


def test_the_examples_of_range_notation_hold():
    page = (DOCS / "reference" / "range-notation.md").read_text("utf-8")
    sizes = {row[1]: row[2] for row in table_rows(section(page, "Ranges")) if len(row) == 3}
    examples = [(text, size) for texts, size in sizes.items() for text in CODE.findall(texts)]
    assert len(examples) == 5
    for text, size in examples:
        assert parse_range(text).size == int(re.split(r"\D", size)[0]), text
    refused = [row[0].strip("`") for row in table_rows(section(page, "refused"))]
    assert len(refused) == 9
    for text in ["" if text == "an empty string" else text for text in refused]:
        with pytest.raises(InvalidNotation):
            parse_range(text)


def test_the_example_of_selection_holds():
    page = section((DOCS / "explanation" / "selection.md").read_text("utf-8"), "An example")
    rows = table_rows(page)
    connectors = [
        ReceiveConnector(
            name=name, bindings=(parse_socket("0.0.0.0:25"),), remote_ip_ranges=(parse_range(text),)
        )
        for name, text in ((row[0], row[1].strip("`")) for row in rows if len(row) == 2)
    ]
    clients = [row for row in rows if len(row) == 4]
    assert len(connectors) == 3
    assert len(clients) == 4
    for client, _, winner, lost in clients:
        organization = one_server(connectors=tuple(connectors))
        answer = evaluate(organization, Session(ip=parse_address(client.strip("`"))))
        assert (answer.connector.name if answer.connector else "nobody") == winner.split(":")[0]
        assert {entry.reason.value for entry in answer.lost} == set(CODE.findall(lost))


def test_every_property_of_the_catalogue_is_in_the_page_about_properties():
    page = (DOCS / "reference" / "connector-properties.md").read_text("utf-8")
    assert table_rows(section(page, "The properties")) == property_rows()


def test_every_command_of_the_exchange_shell_is_in_the_page_about_commands():
    from relaysim.management_shell.cmdlets.neighbours.declared import command_names
    from relaysim.management_shell.running import exchange_cmdlets

    page = (DOCS / "reference" / "neighbours.md").read_text("utf-8")
    others = (DOCS / "reference" / "other-commands.md").read_text("utf-8")
    rows = [line.strip("| ").split(" | ") for line in others.splitlines() if line[:3] == "| `"]
    listed = {f"{verb}-{noun.strip('`')}" for noun, verbs in rows for verb in verbs.split(", ")}
    assert [
        name for name in command_names() if f"`{name}`" not in page and name not in listed
    ] == []
    page = (DOCS / "reference" / "shell-commands.md").read_text("utf-8")
    assert [one.spec.name for one in exchange_cmdlets() if f"`{one.spec.name}`" not in page] == []
