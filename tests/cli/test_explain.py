"""``relaysim explain`` as its user meets it."""

import json

import pytest

from tests import golden
from tests.console import relaysim

SITUATIONS = {
    "overview": [],
    "connector": ["crm"],
    "connector-option-2": ["CRM APPLICATION", "-c", "builtin:option-2"],
    "principal": ["EX01\\crm app", "--principal", "anonymous", "-c", "builtin:option-2"],
    "group-users": ["--group", "exchangeusers"],
    "group-servers-2016": ["--group", "ExchangeServers", "--exchange", "2016"],
    "group-legacy": ["--group", "ExchangeLegacyServers"],
    "right": ["--right", "ms-Exch-SMTP-Accept-Any-Recipient"],
    "right-alias": ["--right", "ms-Exch-SMTP-Accept-Authoritative-Domain"],
    "right-newer": ["--right", "XShadow", "--exchange", "2010"],
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_piped_output_is_the_golden_text(name):
    result = relaysim(["explain", *SITUATIONS[name]])
    assert result.code == 0
    golden.compare(f"explain/{name}.txt", result.output)


@pytest.mark.parametrize("name", SITUATIONS)
def test_json_says_the_same(name):
    result = relaysim(["explain", *SITUATIONS[name], "-o", "json"])
    assert result.code == 0
    assert json.loads(result.output)["format"] == "relaysim.explain/1"
    golden.compare(f"explain/{name}.json", result.output)


BAD = {
    "unknown right": (["--right", "Accept-Any-Recipent"], "did you mean"),
    "ambiguous right": (["--right", "Accept-Any"], "the beginning of several rights"),
    "unknown group": (["--group", "AnonymusUsers"], "did you mean `AnonymousUsers`?"),
    "no such right": (["--right", "zzz"], "hint: one of Submit, "),
    "no such group": (["--group", "zzz"], "hint: one of AnonymousUsers, "),
    "custom": (["--group", "Custom"], "V-5"),
    "unknown connector": (["CRN Application"], "did you mean `CRM Application`?"),
    "unknown principal": (["--principal", "anonymus logon"], "no entry names the principal"),
    "unknown version": (["--group", "Partners", "--exchange", "2011"], "unknown Exchange version"),
    "two questions": (["crm", "--right", "Submit"], "different questions"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_error_and_exit_2(name):
    arguments, expected = BAD[name]
    result = relaysim(["explain", *arguments])
    assert result.code == 2
    assert expected in result.output
    assert sum(line.startswith("error: ") for line in result.output.splitlines()) == 1
