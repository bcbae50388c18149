"""Commands that are understood and refused, with the reason."""

from __future__ import annotations

__all__ = ["refusal"]

_WRITES = "would write a file"
_READS = "would read this machine"
_NETWORK = "would reach another machine"
_RUNS = "would run code"
_ASKS = "would wait for somebody to answer"
_CLOCK = "would give another answer in every run"

_REASONS = {
    "add-pssnapin": _RUNS, "add-type": _RUNS, "import-module": _RUNS,
    "get-module": _READS, "get-pssession": _NETWORK, "get-pssnapin": _READS,
    "import-pssession": _NETWORK, "new-pssession": _NETWORK, "remove-pssession": _NETWORK,
    "set-executionpolicy": _RUNS,
    "enter-pssession": _NETWORK,
    "get-acl": _READS, "get-ciminstance": _READS,
    "get-eventlog": _READS,
    "get-itemproperty": _READS,
    "get-netipaddress": _READS, "get-process": _READS,
    "get-random": _CLOCK, "measure-command": _CLOCK,
    "get-service": _READS, "get-wmiobject": _READS,
    "new-guid": _CLOCK,
    "out-gridview": _ASKS, "out-printer": _WRITES,
    "pause": _ASKS, "get-credential": _ASKS, "read-host": _ASKS,
    "resolve-dnsname": _NETWORK,
    "restart-service": _RUNS, "send-mailmessage": _NETWORK, "set-acl": _WRITES,
    "set-item": _WRITES,
    "set-itemproperty": _WRITES,
    "stop-process": _RUNS, "stop-service": _RUNS,
    "test-connection": _NETWORK, "test-netconnection": _NETWORK,
}  # fmt: skip
_ALIASES = {
    "cat": "get-content", "cd": "set-location", "copy": "copy-item", "cp": "copy-item",
    "curl": "invoke-webrequest", "del": "remove-item", "dir": "get-childitem",
    "gci": "get-childitem", "gcim": "get-ciminstance", "gwmi": "get-wmiobject",
    "iex": "invoke-expression", "ipmo": "import-module",
    "irm": "invoke-restmethod", "iwr": "invoke-webrequest", "ls": "get-childitem",
    "md": "mkdir", "move": "move-item", "mv": "move-item", "ni": "new-item",
    "ogv": "out-gridview", "pwd": "get-location", "ren": "rename-item", "rm": "remove-item",
    "sajb": "start-job", "saps": "start-process", "sleep": "start-sleep", "tee": "tee-object",
    "wget": "invoke-webrequest",
}  # fmt: skip
_VERBS = {"connect": _NETWORK, "invoke": _RUNS, "start": _RUNS}
_SUFFIXES = (".ps1", ".exe", ".cmd", ".bat", ".vbs", ".com", ".msc", ".psm1")


def refusal(name: str) -> str | None:
    """Return why a command is refused, or ``None`` when it is not one of these.

    >>> refusal("Start-Process")
    '`Start-Process` would run code'
    """
    folded = name.casefold()
    full = _ALIASES.get(folded, folded)
    reason = _REASONS.get(full) or _VERBS.get(full.partition("-")[0] if "-" in full else "")
    if folded.endswith(_SUFFIXES) or folded.startswith((".\\", "./", "\\\\")) or folded[1:2] == ":":
        reason = "would run a program or another script"
    return None if reason is None else f"`{name}` {reason}"
