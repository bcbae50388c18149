"""What a script may know about where it runs: only what whoever runs it has said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import frozen

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["SCRIPT_FOLDER", "Surroundings"]

SCRIPT_FOLDER = "C:\\Scripts"
"""Where scripts stand, as a script sees it: the working folder, whatever it is in truth."""


@frozen
class Surroundings:
    """The machine of a run, as the script sees it.

    Attributes:
        now: The time at the beginning of the script; ``None``: whoever asks the clock is refused.
        script: The name of the script's file without a folder; empty for a text or a prompt.
        computer: The NetBIOS name of the machine.
        domain: The NetBIOS name of its domain.
        user: The account that runs the script.
        version: The version of PowerShell, such as ``5.1.14393.0``.
        remote: Whether people reach the machine's own commands by a remote session.
        programs: Version numbers of programs that a script may look up, by lower-case name.
        hosts: Machines whose names are known: each full name with its addresses as texts, none
            when they are not known.
        keys: Keys of the registry that a script may look for, in lower case, and whether each is
            there.
        namespaces: How the names of the host's own types begin, in lower case.
        exceptions: The exceptions of the host's errors that ``catch`` may name, by error id.
    """

    now: datetime | None = None
    script: str = ""
    computer: str = "localhost"
    domain: str = ""
    user: str = "Administrator"
    version: str = "5.1.14393.0"
    remote: bool = False
    programs: tuple[tuple[str, str], ...] = ()
    hosts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    keys: tuple[tuple[str, bool], ...] = ()
    namespaces: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, str], ...] = ()

    @property
    def account(self) -> str:
        r"""The account with its domain, ``DOMAIN\name``."""
        return f"{self.domain or self.computer}\\{self.user}"

    @property
    def script_path(self) -> str:
        """The full path of the script as text; empty without one."""
        return f"{SCRIPT_FOLDER}\\{self.script}" if self.script else ""
