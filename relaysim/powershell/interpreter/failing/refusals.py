"""Commands that are understood and refused, with the reason."""

from __future__ import annotations

from relaysim.powershell.hosting.alias_names import ALIASES

__all__ = ["MACHINE_VARIABLES", "is_program", "refusal"]

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
    "get-eventlog": _READS, "get-winevent": _READS, "get-scheduledtask": _READS,
    "get-psdrive": _READS, "get-filehash": _READS, "get-pfxcertificate": _READS,
    "get-clipboard": _READS, "get-netadapter": _READS,
    "get-netipconfiguration": _READS, "get-dnsclientserveraddress": _READS,
    "systeminfo": _READS, "ipconfig": _READS, "netstat": _READS, "wmic": _READS, "reg": _WRITES,
    "ping": _NETWORK, "nslookup": _NETWORK, "tracert": _NETWORK, "plink": _NETWORK,
    "netsh": _RUNS, "schtasks": _RUNS, "sc.exe": _RUNS, "cmd": _RUNS, "powershell": _RUNS,
    "invoke-restmethod": _NETWORK, "invoke-webrequest": _NETWORK,
    "new-psdrive": _NETWORK, "new-scheduledtaskaction": _RUNS, "new-scheduledtasktrigger": _RUNS,
    "register-scheduledtask": _RUNS, "expand-archive": _WRITES,
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
_VERBS = {"connect": _NETWORK, "invoke": _RUNS, "start": _RUNS}
_SUFFIXES = (".ps1", ".exe", ".cmd", ".bat", ".vbs", ".com", ".msc", ".psm1")

MACHINE_VARIABLES = frozenset(
    {
        "consolefilename", "executioncontext", "home", "host", "lastexitcode",
        "nestedpromptlevel", "pid", "profile", "psboundargs",
        "pscommandpath", "psculture", "psdebugcontext", "pshome", "psscriptroot",
        "pssenderinfo", "psuiculture", "psversiontable", "pwd", "shellid", "stacktrace",
    }
)  # fmt: skip
"""Variables that tell of the machine, or of a person at it."""


def is_program(name: str) -> bool:
    """Tell whether a refused command is a program of Windows, called by its bare name.

    >>> is_program("ipconfig"), is_program("Get-Process")
    (True, False)
    """
    return "-" not in name and _REASONS.get(name.casefold()) in {_READS, _WRITES, _NETWORK, _RUNS}


def refusal(name: str) -> str | None:
    """Return why a command is refused, or ``None`` when it is not one of these.

    >>> refusal("Start-Process")
    '`Start-Process` would run code'
    """
    folded = name.casefold()
    full = ALIASES.get(folded, folded).casefold()
    reason = _REASONS.get(full) or _VERBS.get(full.partition("-")[0] if "-" in full else "")
    if folded.endswith(_SUFFIXES) or folded.startswith((".\\", "./", "\\\\")) or folded[1:2] == ":":
        reason = "would run a program or another script"
    return None if reason is None else f"`{name}` {reason}"
