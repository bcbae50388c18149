"""Principals: names, SIDs and localised spellings."""

import os
import pickle
import subprocess
import sys

import pytest

from relaysim.errors import InvalidInput
from relaysim.model import principals
from relaysim.model.principals import (
    ANONYMOUS_LOGON,
    EVERYONE,
    WELL_KNOWN,
    Principal,
    parse_principal,
)

SIDS = "S-1-9-1419165041-1139599005-3936102811-1022490595"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NT AUTHORITY\\ANONYMOUS LOGON", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("nt authority\\anonymous logon", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("ANONYMOUS LOGON", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("AUTORITE NT\\ANONYMOUS LOGON", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("S-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("s-1-5-7", "NT AUTHORITY\\ANONYMOUS LOGON"),
        ("S-1-5-11", "NT AUTHORITY\\Authenticated Users"),
        ("Authenticated Users", "NT AUTHORITY\\Authenticated Users"),
        ("NT-AUTORITÄT\\Authentifizierte Benutzer", "NT AUTHORITY\\Authenticated Users"),
        ("S-1-1-0", "Everyone"),
        ("Jeder", "Everyone"),
        ("S-1-5-18", "NT AUTHORITY\\SYSTEM"),
        (f"{SIDS}-10", "MS Exchange\\Partner Servers"),
        (f"{SIDS}-21", "MS Exchange\\Hub Transport Servers"),
        (f"{SIDS}-22", "MS Exchange\\Edge Transport Servers"),
        (f"{SIDS}-23", "MS Exchange\\Externally Secured Servers"),
        (f"{SIDS}-24", "MS Exchange\\Legacy Exchange Servers"),
        ("ms exchange\\externally secured servers", "MS Exchange\\Externally Secured Servers"),
        ("Exchange Servers", "CONTOSO\\Exchange Servers"),
        ("<Domain>\\Exchange Servers", "CONTOSO\\Exchange Servers"),
        ("contoso\\exchangelegacyinterop", "CONTOSO\\ExchangeLegacyInterop"),
        ("FABRIKAM\\Exchange Servers", "FABRIKAM\\Exchange Servers"),
        ("CONTOSO\\app", "CONTOSO\\app"),
        ("  CONTOSO\\app ", "CONTOSO\\app"),
        ("Anonymous", "CONTOSO\\Anonymous"),
        ("app", "CONTOSO\\app"),
        ("app@contoso.com", "app@contoso.com"),
        ("S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1104"),
    ],
)
def test_a_principal_is_found_by_every_spelling(text, name):
    assert parse_principal(text, "CONTOSO").name == name


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_name_is_refused(text):
    with pytest.raises(InvalidInput, match="an empty principal name"):
        parse_principal(text, "CONTOSO")


def test_names_are_equal_without_case():
    assert Principal("CONTOSO\\App") == Principal("contoso\\APP")
    assert hash(Principal("CONTOSO\\App")) == hash(Principal("contoso\\APP"))
    assert Principal("CONTOSO\\App") != Principal("CONTOSO\\other")
    assert Principal("Everyone") != "Everyone"
    assert (str(Principal("a")), repr(Principal("a"))) == ("a", "Principal('a')")


def test_well_known_principals_differ_and_are_found_by_name_and_sid():
    assert len(set(WELL_KNOWN)) == len({p.sid for p in WELL_KNOWN}) == len(WELL_KNOWN) == 9
    for principal in WELL_KNOWN:
        assert parse_principal(principal.name.upper(), "X") is principal
        assert principal.sid is not None
        assert parse_principal(principal.sid, "X") is principal
    assert principals.domain_group("X", "Exchange Servers").name == "X\\Exchange Servers"


def test_a_principal_that_comes_from_another_process_is_found_here():
    code = (
        "import pickle, sys; from relaysim.model.principals import ANONYMOUS_LOGON; "
        "sys.stdout.buffer.write(pickle.dumps(ANONYMOUS_LOGON))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        found = pickle.loads(done.stdout)  # noqa: S301  # our own
        assert found in {ANONYMOUS_LOGON, EVERYONE}
        assert found.sid == ANONYMOUS_LOGON.sid
