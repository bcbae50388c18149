"""The command line above an output: which connector it asks about, what it asks for and hides."""

import re

from relaysim.importers.records import NO_CONTEXT, OutputContext, canonical_name

__all__ = ["is_command", "prompt_command", "read_command"]

_PROMPT = re.compile(r"^\s*(?:\[[^\]]*\]:? ?)?PS(?:\]|:)? ?[^>\n]{0,260}>\s?(.*)$")
_SHELL_PROMPT = re.compile(r"^\s*(?:\[PS\] ?)[^>\n]{0,260}>\s?(.*)$")
_PLAIN_PROMPT = re.compile(
    r"^\s*(?:[A-Za-z]:\\[^>\n|]{0,200})?>{1,2}\s?((?:\(|\$\w+\s*=\s*)?Get-[A-Z].*)$", re.IGNORECASE
)
_BARE = re.compile(r"^\s*(?:\(|\$\w+\s*=\s*)?(Get-[A-Za-z]+)\b(.*)$")
_CMDLET = re.compile(r"\b(Get-[A-Za-z]+)\b", re.IGNORECASE)
_TEXT = r"""(?:"([^"]*)"|'([^']*)'|([^\s|;'"{}()]+))"""
_IDENTITY = r"(?:\s+-Identity(?:\s+|:))?\s*"
_OWNER = re.compile(rf"Get-(?:ADPermission|ReceiveConnector){_IDENTITY}(?!-){_TEXT}", re.IGNORECASE)
_NAMED = re.compile(rf"\s-Identity(?:\s+|:){_TEXT}", re.IGNORECASE)
_SERVER = re.compile(rf"Get-ReceiveConnector[^|]*\s-Server(?:\s+|:){_TEXT}", re.IGNORECASE)
_USER = re.compile(rf"Get-ADPermission[^|]*\s-User(?:\s+|:){_TEXT}", re.IGNORECASE)
_SHOWN = re.compile(
    r"\|\s*(?:fl|ft|format-list|format-table|select|select-object)\s+([^|>]*)", re.IGNORECASE
)
_WHERE = re.compile(r"\|\s*(?:where|where-object|\?)\s*(.+?)(?=\||$)", re.IGNORECASE)
_TEST = re.compile(
    r"(?:\$_\.)?\b(\w+)(?:\.\w+)?\s+-([a-z]+)\s+(?:\"([^\"]*)\"|'([^']*)'|(\$?[^\s{}()]+))",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"(?:!|-not)\s*\(?\s*\$_\.(Deny|IsInherited)\b", re.IGNORECASE)


def prompt_command(line: str) -> str | None:
    r"""Return the command of a line that begins with a prompt, ``None`` when there is no prompt.

    >>> prompt_command(r"[PS] C:\Windows\system32>Get-ReceiveConnector | fl")
    'Get-ReceiveConnector | fl'
    """
    if ">" not in line:
        return None
    match = _SHELL_PROMPT.match(line) or _PROMPT.match(line) or _PLAIN_PROMPT.match(line)
    return match[1].strip() if match else None


def is_command(line: str) -> bool:
    """Tell whether a line without a prompt is a command of the shell."""
    match = _BARE.match(line)
    if match is None:
        return False
    rest = match[2]
    return "|" in line or "-" in rest or '"' in rest or not rest.strip()


def read_command(command: str) -> OutputContext:
    r"""Return what a command says about its output.

    >>> read_command(r'Get-ADPermission "EX01\Relay" | ft User,Deny').owner == r"EX01\Relay"
    True
    """
    cmdlets = _CMDLET.findall(command)
    if not cmdlets:
        return NO_CONTEXT._replace(command=command)
    cmdlet = next(
        (one for one in cmdlets if one.casefold() == "get-adpermission"), cmdlets[0]
    ).casefold()
    owner = None
    if cmdlet in ("get-adpermission", "get-receiveconnector"):
        match = _OWNER.search(command) or _NAMED.search(command)
        owner = _first(match) if match else None
    if owner is not None and (owner.startswith("$") or "*" in owner):
        owner = None
    server = _SERVER.search(command)
    fixed, hidden = _filters(command)
    user = _USER.search(command)
    if user is not None:
        hidden = (*hidden, f"entries of others than {_first(user)}")
        fixed = (*fixed, ("User", _first(user)))
    return OutputContext(
        command=command,
        cmdlet=cmdlet,
        owner=owner,
        server=_first(server) if server else None,
        asked=_asked(command),
        fixed=fixed,
        hidden=hidden,
    )


def _first(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


def _asked(command: str) -> tuple[str, ...]:
    found = _SHOWN.findall(command)
    if not found:
        return ()
    # The words before the first further switch; a hashtable or a wildcard makes the list open.
    text = re.split(r"\s-(?!prop)\w", " " + found[-1])[0]
    text = re.sub(r"-prop\w*\s+", "", text)
    if any(mark in text for mark in "@*${"):
        return ()
    return tuple(canonical_name(name) for name in text.split(",") if name.strip())


def _filters(command: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    fixed: list[tuple[str, str]] = []
    hidden: list[str] = []
    for clause in _WHERE.findall(command):
        fixed += [(canonical_name(name), "False") for name in _NEGATED.findall(clause)]
        for name, operator, *texts in _TEST.findall(clause):
            text = next((one for one in texts if one), "")
            _one_test(canonical_name(name), operator.casefold(), text, fixed, hidden)
    for name, text in fixed:
        hidden.append(f"entries with {name} other than {text}")
    return tuple(fixed), tuple(hidden)


def _one_test(
    name: str, operator: str, text: str, fixed: list[tuple[str, str]], hidden: list[str]
) -> None:
    if name in ("Deny", "IsInherited"):
        word = text.strip("$").casefold()
        if word in ("true", "false") and operator in ("eq", "ne", "like"):
            is_true = (word == "true") == (operator != "ne")
            fixed.append((name, "True" if is_true else "False"))
    elif name in ("ExtendedRights", "User", "AccessRights") and text.strip("*"):
        hidden.append(f"entries with another {name} than {text}")
