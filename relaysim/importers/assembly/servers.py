"""Servers: their versions, from the build number that the product shows, and their roles.

Source: BUILDS.
"""

import re
from dataclasses import dataclass, field

from relaysim.errors import InvalidConfiguration, Problem
from relaysim.importers.assembly.naming import path_parts
from relaysim.importers.assembly.remarks import Remark, given_twice, later_taken
from relaysim.importers.records import Record
from relaysim.model.version import ExchangeVersion, ServerRole

__all__ = ["SERVERS_COMMAND", "ServerFacts", "server_facts", "version_of_build"]

SERVERS_COMMAND = "Get-ExchangeServer | Export-Clixml servers.xml"
_VERSION = re.compile(r"(?<!\d)(\d{1,9})\.(\d{1,9})[^\d]+(\d{1,9})(?!\d)(?:\.(\d+))?")
_SE_BUILD = 2562
_EDGE_FLAG = 64


@dataclass(slots=True)
class ServerFacts:
    """What is known of one server.

    Attributes:
        name: Its NetBIOS name.
        version: Its version, ``None`` when not known.
        role: Its role, ``None`` when not known.
        fqdn: Its full name, empty when not known.
        place: File and line it was told in.
    """

    name: str
    version: ExchangeVersion | None = None
    role: ServerRole | None = None
    fqdn: str = ""
    place: tuple[str, int | None] | None = field(default=None)


def version_of_build(text: str) -> ExchangeVersion | None:
    """Return the version that a product version names, ``None`` when it names none.

    >>> version_of_build("Version 15.2 (Build 2562.17)").value
    'SE'
    """
    match = _VERSION.search(text)
    if match is None:
        return None
    major, minor, build = int(match[1]), int(match[2]), int(match[3])
    # The build may carry the schema's prefix: 30118 stands for 118 in old outputs.
    if major == 8:
        return ExchangeVersion.V2007
    if major == 14:
        return ExchangeVersion.V2010
    if major != 15:
        return None
    if minor == 2:
        return ExchangeVersion.SE if build % 30000 >= _SE_BUILD else ExchangeVersion.V2019
    return {0: ExchangeVersion.V2013, 1: ExchangeVersion.V2016}.get(minor)


def _role(record: Record) -> ServerRole | None:
    if (record.text("IsEdgeServer") or "").casefold() == "true":
        return ServerRole.EDGE
    text = record.text("ServerRole")
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return ServerRole.EDGE if int(text[:9]) & _EDGE_FLAG else ServerRole.HUB
    return ServerRole.EDGE if "edge" in text.casefold() else ServerRole.HUB


def server_facts(
    records: list[Record], remarks: list[Remark], *, prefer_latest: bool
) -> dict[str, ServerFacts]:
    """Return what the records of servers say, by folded name.

    Raises:
        InvalidConfiguration: Two versions of one server are told; both places are named.
    """
    found: dict[str, ServerFacts] = {}
    told: dict[str, Record] = {}
    problems: list[Problem] = []
    for record in records:
        name = _name(record)
        if name is None:
            remarks.append(
                Remark("partial-object", "a server without a name", record.file, record.line)
            )
            continue
        facts = found.setdefault(name.casefold(), ServerFacts(name))
        facts.place = facts.place or (record.file, record.line)
        text = record.text("AdminDisplayVersion")
        version = version_of_build(text) if text else None
        if version is not None and facts.version not in (None, version):
            difference = f"two versions of one server, {facts.version.value} and {version.value}"
            records_of = told[name.casefold()], record
            if prefer_latest:
                remarks.append(later_taken(difference, records_of, name, "AdminDisplayVersion"))
            else:
                problems.append(given_twice(difference, records_of, name, "AdminDisplayVersion"))
        if version is not None:
            told[name.casefold()] = record
        facts.version = version or facts.version
        facts.role = _role(record) or facts.role
        fqdn = record.text("Fqdn")
        if fqdn and "." in fqdn:
            facts.fqdn = fqdn
    if problems:
        raise InvalidConfiguration(problems)
    return found


def _name(record: Record) -> str | None:
    text = record.text("Name") or record.text("Identity") or record.text("Fqdn")
    if text is None:
        return None
    if text.upper().startswith("CN="):
        parts = path_parts(text)
        text = parts[0][1] if parts else text
    return text.rpartition("/")[2].rpartition("\\")[2].partition(".")[0] or None
