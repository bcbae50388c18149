"""What PowerShell writes of connectors and entries, for the law of the round trip."""

import base64
import json
import re
from xml.sax.saxutils import escape

GROUPS = {"AnonymousUsers": 1, "ExchangeUsers": 2, "ExchangeServers": 4, "ExchangeLegacyServers": 8}
MECHANISMS = {
    "Tls": 1,
    "Integrated": 2,
    "BasicAuth": 4,
    "BasicAuthRequireTLS": 8,
    "ExchangeServer": 16,
}
LISTS = ("Bindings", "RemoteIPRanges")


def wrapped(value, width, *, words):
    """Break a value as a console of this width does: behind words, or wherever the line is full."""
    if not words:
        return [value[i : i + width] for i in range(0, len(value), width)] or [""]
    lines, line = [], ""
    for word in re.findall(r"[^ ]* |[^ ]+$", value):
        if len(line) + len(word) <= width:
            line += word
        elif len(word) <= width:
            lines.append(line)
            line = word
        else:
            for char in word:
                if len(line) == width:
                    lines.append(line)
                    line = ""
                line += char
    return [*lines, line]


def shown(value, limit):
    if isinstance(value, list):
        items = value[:limit] if limit else value
        return "{" + ", ".join(items) + ("..." if len(items) < len(value) else "") + "}"
    return str(value)


def format_list(objects, *, width=0, words=True, limit=0):
    lines = [""]
    for one in objects:
        pad = max(map(len, one))
        for name, value in one.items():
            text = shown(value, limit)
            pieces = wrapped(text, width - pad - 3, words=words) if width else [text]
            lines.append(f"{name.ljust(pad)} : {pieces[0]}")
            lines += [" " * (pad + 3) + piece for piece in pieces[1:]]
        lines.append("")
    return "\n".join(lines) + "\n"


def format_table(objects):
    names = list(objects[0])
    cells = [[shown(one[name], 0) for name in names] for one in objects]
    right = [
        all(cell in ("True", "False") for cell in column) for column in zip(*cells, strict=True)
    ]
    widths = [
        max(len(name), *(len(row[index]) for row in cells)) for index, name in enumerate(names)
    ]

    def line(texts):
        pairs = zip(texts, widths, right, strict=True)
        return " ".join(t.rjust(w) if r else t.ljust(w) for t, w, r in pairs).rstrip()

    dashes = ["-" * len(name) for name in names]
    return "\n".join(["", line(names), line(dashes), *map(line, cells), "", ""])


def csv_text(objects, *, delimiter=",", live=False, type_line=True):
    def cell(value):
        if isinstance(value, list):
            value = (
                "Microsoft.Exchange.Data.MultiValuedProperty`1[System.Object]"
                if live
                else (" ".join(value))
            )
        return '"' + str(value).replace('"', '""') + '"'

    head = "Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"
    lines = [f"#TYPE {head}"] if type_line else []
    lines.append(delimiter.join(f'"{name}"' for name in objects[0]))
    lines += [delimiter.join(map(cell, one.values())) for one in objects]
    return "\r\n".join(lines) + "\r\n"


def json_text(objects, *, numbers=False):
    def plain(name, value):
        if isinstance(value, list):
            return value
        if name in ("PermissionGroups", "AuthMechanism"):
            table = GROUPS if name == "PermissionGroups" else MECHANISMS
            names = [word for word in value.split(", ") if word != "None"]
            if all(word in table for word in names):
                number = sum(table[word] for word in names)
                return number if numbers else {"value": number, "Value": value}
        return value

    return json.dumps([{k: plain(k, v) for k, v in one.items()} for one in objects], indent=2)


def windows_json(objects, *, is_flat=False):
    """Return what Windows PowerShell 5.1 writes; to a small depth lists are texts."""

    def shown_as(value, indent):
        pad = " " * (indent + 4)
        if isinstance(value, list) and not (is_flat and indent):
            inner = ",\n".join(pad + shown_as(item, indent + 4) for item in value)
            return "[\n" + inner + "\n" + " " * indent + "]"
        if isinstance(value, dict):
            inner = ",\n".join(
                f'{pad}"{name}":  {shown_as(item, indent + len(name) + 9)}'
                for name, item in value.items()
            )
            return "{\n" + inner + "\n" + " " * indent + "}"
        text = json.dumps(" ".join(value) if isinstance(value, list) else value)
        return re.sub(r"[<>&']", lambda match: f"\\u{ord(match[0]):04x}", text)

    return shown_as([one | {"WhenChanged": "/Date(1577836800000)/"} for one in objects], 0)


def ldif(objects):
    """Return what ldifde writes: base64 for what is not plain, long lines folded."""
    path = (
        "CN={},CN=SMTP Receive Connectors,CN=Protocols,CN={},CN=Servers,CN=Contoso,"
        "CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=com"
    )
    lines = []
    for one in objects:
        name = re.sub(r'([,"\\<>;+=])', r"\\\1", one["Name"])
        pairs = [("dn", path.format(name, one["Server"])), ("changetype", "add")]
        pairs += [("objectClass", "msExchSmtpReceiveConnector"), ("cn", one["Name"])]
        pairs.append(("msExchSmtpReceiveEnabled", str(one["Enabled"]).upper()))
        pairs += [("msExchSmtpReceiveBindings", f"{text};") for text in one["Bindings"]]
        pairs += [("msExchSmtpReceiveRemoteIPRanges", f"{text};") for text in one["RemoteIPRanges"]]
        for key, text in pairs:
            plain = text.isascii() and text[:1] not in " :<"
            line = (
                f"{key}: {text}" if plain else f"{key}:: {base64.b64encode(text.encode()).decode()}"
            )
            lines += [line[:78], *(" " + line[at : at + 77] for at in range(78, len(line), 77))]
        lines.append("")
    return "\n".join(lines)


def escaped(text):
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    text = re.sub(r"[\x00-\x1f]", lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


def clixml(objects, kind="Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"):
    lines = [
        '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">',
    ]
    for number, one in enumerate(objects):
        lines.append(f'  <Obj RefId="{number * 100}">')
        if number == 0:
            lines.append(f'    <TN RefId="0"><T>Deserialized.{kind}</T></TN>')
        else:
            lines.append('    <TNRef RefId="0" />')
        lines.append("    <Props>")
        for place, (name, value) in enumerate(one.items(), 1):
            if isinstance(value, list):
                items = "".join(
                    f"<Obj><ToString>{escaped(item)}</ToString></Obj>" for item in value
                )
                lines.append(
                    f'      <Obj N="{name}" RefId="{number * 100 + place}"><LST>{items}</LST></Obj>'
                )
            elif isinstance(value, bool):
                lines.append(f'      <B N="{name}">{str(value).lower()}</B>')
            else:
                lines.append(f'      <S N="{name}">{escaped(value)}</S>')
        lines += ["    </Props>", "  </Obj>"]
    return "\n".join([*lines, "</Objs>"])


def deep_clixml(objects, depth):
    """Return the same of live objects, to a depth of 1 to 4: what is text at 1 is an object."""
    numbers = iter(range(1, 1_000_000))

    def inner(tag, text, more, left):
        name = f' N="{tag}"' if tag else ""
        if left < 1:
            return f"<S{name}>{escaped(text)}</S>"
        props = inner("Expression", text, "", left - 1)
        return (
            f'<Obj{name} RefId="{next(numbers)}"><TN RefId="{next(numbers)}"><T>Some.Type</T></TN>'
            f"<ToString>{escaped(text)}</ToString>{more}<Props>{props}</Props></Obj>"
        )

    def value(name, held):
        if isinstance(held, bool):
            return f'<B N="{name}">{str(held).lower()}</B>'
        if isinstance(held, list):
            items = "".join(f"\n          {inner('', item, '', depth - 1)}" for item in held)
            head = f'<Obj N="{name}" RefId="{next(numbers)}">'
            return f"{head}\n        <LST>{items}\n        </LST>\n      </Obj>"
        if name in ("PermissionGroups", "AuthMechanism") and depth > 1:
            return inner(name, held, "<I32>1</I32>", 1)
        return f'<S N="{name}">{escaped(held)}</S>'

    lines = ['<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">']
    for one in objects:
        lines += [f'  <Obj RefId="{next(numbers)}">', "    <Props>"]
        lines += [f"      {value(name, held)}" for name, held in one.items()]
        lines += ["    </Props>", "  </Obj>"]
    return "\n".join([*lines, "</Objs>"])


def xml_text(objects):
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<Objects>"]
    for one in objects:
        lines.append('  <Object Type="System.Management.Automation.PSCustomObject">')
        for name, value in one.items():
            if isinstance(value, list):
                items = "".join(
                    f'<Property Type="System.String">{escape(item)}</Property>' for item in value
                )
                lines.append(f'<Property Name="{name}" Type="System.Object[]">{items}</Property>')
            else:
                lines.append(
                    f'<Property Name="{name}" Type="System.String">{escape(str(value))}</Property>'
                )
        lines.append("  </Object>")
    return "\n".join([*lines, "</Objects>"])


def html_text(objects):
    heads = "".join(f"<th>{name}</th>" for name in objects[0])
    rows = []
    for one in objects:
        cells = (" ".join(v) if isinstance(v, list) else str(v) for v in one.values())
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">\n<html><body><table>\n'
        f"<tr>{heads}</tr>\n" + "\n".join(rows) + "\n</table></body></html>"
    )
