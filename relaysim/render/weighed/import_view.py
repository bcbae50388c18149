"""An import as a commented server file, as a document, and as the table of what was read."""

import json
from typing import Any

from relaysim.config.writer import format_server
from relaysim.errors import printable
from relaysim.importers.assembly.connector_facts import ConnectorFacts
from relaysim.importers.assembly.organization import Imported
from relaysim.importers.reading import ReadFile
from relaysim.importers.records import RecordKind
from relaysim.model.connector import AuthMechanism

__all__ = ["import_document", "server_file_text", "summary_lines"]


def server_file_text(imported: Imported) -> str:
    """Return the server file: where it came from and what is open in comments, then the tables."""
    lines = ["#:schema ./relaysim-server.schema.json", "# Made by `relaysim import` of:"]
    lines += [f"#   {printable(file.name)}: {_counts(file)}" for file in imported.files]
    if imported.remarks:
        lines += ["#", "# Remarks:"]
        lines += [f"#   {remark.text()}" for remark in imported.remarks]
    if imported.missing:
        lines += ["#", "# Missing, and the command that tells it:"]
        lines += [f"#   {printable(what)}: {printable(how)}" for what, how in imported.missing]
    return "\n".join(lines) + "\n\n" + format_server(imported.organization)


def summary_lines(imported: Imported) -> list[str]:
    """Return the table of what was read, and what is missing with the commands that tell it."""
    rows = [(printable(file.name), file.forms, _counts(file)) for file in imported.files]
    rows.insert(0, ("file", "form", "found"))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [
        f"{name.ljust(widths[0])}  {form.ljust(widths[1])}  {found}" for name, form, found in rows
    ]
    if imported.missing:
        lines.append("missing, and the command that tells it:")
        lines += [f"  {printable(what)}: {printable(how)}" for what, how in imported.missing]
    return lines


def _counts(file: ReadFile) -> str:
    if file.manifest is not None:
        return "the collector's own list"
    found = [
        f"{count} {kind.value if count > 1 else kind.value.removesuffix('s')}"
        if kind is not RecordKind.ENTRY or count > 1
        else "1 permission entry"
        for kind in RecordKind
        if (count := file.count(kind))
    ]
    if not found and file.hint:
        return f"read it with `{printable(file.hint)}`"
    return ", ".join(found) or "nothing"


def import_document(imported: Imported) -> str:
    """Return the JSON document of an import.

    ``null`` stands for what the input does not tell. Remarks have the keys ``file``, ``line``,
    ``object``, ``property``, ``message``, ``kind`` and ``command``.
    """
    roles = {facts.name: facts for facts in imported.servers}
    document: dict[str, Any] = {
        "version": 1,
        "read": [
            {
                "file": file.name,
                "form": file.forms,
                "found": {kind.value: file.count(kind) for kind in RecordKind if file.count(kind)},
                "read_with": file.hint or None,
            }
            for file in imported.files
        ],
        "servers": [
            {
                "name": facts.name,
                "version": facts.version.value if facts.version else None,
                "role": facts.role.value if facts.role else None,
                "fqdn": facts.fqdn or None,
            }
            for facts in roles.values()
        ],
        "connectors": [_connector(facts) for facts in imported.connectors if not facts.unnamed],
        "unnamed_connectors": [_connector(facts) for facts in imported.connectors if facts.unnamed],
        "accepted_domains": [
            {
                "name": facts.domain.name,
                "type": facts.domain.type.value,
                "default": facts.default,
                "match_sub_domains": facts.domain.match_sub_domains,
                "label": facts.domain.label or None,
            }
            for facts in imported.domains
        ],
        "remarks": [
            {
                "file": remark.file,
                "line": remark.line,
                "object": remark.object,
                "property": remark.property,
                "message": remark.message,
                "kind": remark.kind,
                "command": remark.command,
            }
            for remark in imported.remarks
        ],
        "missing": [{"what": what, "command": how} for what, how in imported.missing],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _connector(facts: ConnectorFacts) -> dict[str, Any]:
    unknown = facts.unknown
    file, line = facts.place
    mechanisms = facts.told("auth_mechanism")
    role = facts.told("transport_role")
    enabled = facts.told("enabled")
    return {
        "server": facts.server,
        "name": facts.name,
        "file": file,
        "line": line,
        "enabled": None if "enabled" in unknown else enabled is not False,
        "transport_role": role.value if role is not None else None,
        "bindings": _texts(facts, "Bindings", "bindings"),
        "bindings_complete": "bindings" not in unknown,
        "remote_ip_ranges": _texts(facts, "RemoteIPRanges", "remote_ip_ranges"),
        "remote_ip_ranges_complete": "remote_ip_ranges" not in unknown,
        "auth_mechanism": None
        if mechanisms is None
        else [one.value for one in AuthMechanism if one in mechanisms],
        "permission_groups": None
        if facts.groups is None
        else [group.value for group in facts.groups],
        "custom": None if facts.groups is None else facts.custom,
        "require_tls": facts.told("require_tls"),
        "domain_secure_enabled": facts.told("domain_secure_enabled"),
        "entries": facts.state,
        "aces": [
            {
                "principal": ace.principal.name,
                "right": ace.right.value,
                "deny": ace.deny,
                "inherited": ace.inherited,
            }
            for ace in facts.listed
        ],
        "unknown": sorted(unknown),
        "unmodelled": dict(facts.kept),
    }


def _texts(facts: ConnectorFacts, name: str, field: str) -> list[str] | None:
    values = facts.told(field)
    if name in facts.lacking or values is None or (not values and field in facts.unknown):
        return None
    return [str(value) for value in values]
