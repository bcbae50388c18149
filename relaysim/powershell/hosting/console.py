"""``$Host``, ``$PSVersionTable`` and ``$MyInvocation`` as objects of a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.lean import later
from relaysim.powershell.hosting.surroundings import SCRIPT_FOLDER
from relaysim.powershell.values.conversion import to_int, to_text
from relaysim.powershell.values.value import HashTable, ObjectType, ShellObject, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from relaysim.powershell.hosting.credentials import credential_object, secure_string
    from relaysim.powershell.hosting.questions import choices_of, choose
    from relaysim.powershell.interpreter.machine import Machine
    from relaysim.powershell.interpreter.positions import line_of
    from relaysim.powershell.values.casting import cast
else:
    (line_of,) = later(globals(), "relaysim.powershell.interpreter.positions", "line_of")
    (cast,) = later(globals(), "relaysim.powershell.values.casting", "cast")
    credential_object, secure_string = later(
        globals(), "relaysim.powershell.hosting.credentials", "credential_object secure_string"
    )
    choices_of, choose = later(
        globals(), "relaysim.powershell.hosting.questions", "choices_of choose"
    )

__all__ = ["HOST_METHODS", "invocation_object", "key_object", "shows", "surrounding_variables"]

_KEY = ObjectType(name="System.Management.Automation.Host.KeyInfo")
_COMMAND = ObjectType(
    name="System.Management.Automation.ExternalScriptInfo",
    text=lambda one: to_text(one.get("Name") or one.get("Definition")),
)
_INVOCATION = ObjectType(name="System.Management.Automation.InvocationInfo")
_PATH_INFO = ObjectType(
    name="System.Management.Automation.PathInfo", text=lambda one: to_text(one.get("Path"))
)
HOST_METHODS = frozenset({"promptforchoice", "readkey", "readline", "promptforcredential"})
"""Methods that ask a person."""


def key_object(answer: str) -> ShellObject:
    """Return what ``ReadKey`` gives for an answer: its first character, or Enter."""
    char = answer[:1] or "\r"
    return ShellObject(
        (
            ("VirtualKeyCode", ord(char.upper()) & 255),
            ("Character", cast("char", char)),
            ("ControlKeyState", "0"),
            ("KeyDown", True),
        ),
        type_=_KEY,
    )


def _raw_console(machine: Machine) -> ShellObject:
    width = 120 if machine.width is None else machine.width + 1
    size = ShellObject((("Width", width), ("Height", 50)))
    buffer = ShellObject((("Width", width), ("Height", 3000)))
    type_ = ObjectType(
        name="System.Management.Automation.Internal.Host.InternalHostRawUserInterface",
        calls={
            "readkey": lambda _one, _args: key_object(machine.ask("a key is waited for")),
            "flushinputbuffer": lambda _one, _args: None,
        },
    )
    return ShellObject(
        (
            ("ForegroundColor", "Gray"),
            ("BackgroundColor", "DarkBlue"),
            ("CursorPosition", ShellObject((("X", 0), ("Y", 0)))),
            ("CursorSize", 25),
            ("BufferSize", buffer),
            ("WindowSize", size),
            ("MaxWindowSize", size.copy()),
            ("KeyAvailable", False),
            ("WindowTitle", "Windows PowerShell"),
        ),
        type_=type_,
    )


def _console(machine: Machine) -> ShellObject:
    def line(_one: ShellObject, args: list[Value]) -> Value:
        machine.host(f"{to_text(args[-1]) if args else ''}\n")
        return None

    def write(_one: ShellObject, args: list[Value]) -> Value:
        machine.host(to_text(args[-1]) if args else "")
        return None

    def prompt_for_choice(_one: ShellObject, args: list[Value]) -> Value:
        title, message = (to_text(one) for one in args[:2])
        default = to_int(args[3]) if len(args) > 3 else -1
        question = " ".join(one for one in (title, message) if one)
        return choose(machine, question, choices_of(args[2]), default)

    def prompt_for_credential(_one: ShellObject, args: list[Value]) -> Value:
        message, given = to_text(args[1]), to_text(args[2])
        user = given or machine.ask(f"{message} User name:".strip())
        return credential_object(user, secure_string(machine.ask(f"Password for user {user}:")))

    def read_secret(_one: ShellObject, _args: list[Value]) -> Value:
        return secure_string(machine.ask("a secret line is waited for"))

    def warning(_one: ShellObject, args: list[Value]) -> Value:
        machine.warn(to_text(args[0]))
        return None

    type_ = ObjectType(
        name="System.Management.Automation.Internal.Host.InternalHostUserInterface",
        calls={
            "writeline": line,
            "write": write,
            "writewarningline": warning,
            "readline": lambda _one, _args: machine.ask("a line is waited for"),
            "readlineassecurestring": read_secret,
            "promptforchoice": prompt_for_choice,
            "promptforcredential": prompt_for_credential,
        },
    )
    return ShellObject((("RawUI", _raw_console(machine)),), type_=type_)


def _host(machine: Machine) -> ShellObject:
    colors = ("ErrorForegroundColor", "ErrorBackgroundColor", "WarningForegroundColor",
              "WarningBackgroundColor", "VerboseForegroundColor", "ProgressForegroundColor",
              "ProgressBackgroundColor")  # fmt: skip
    type_ = ObjectType(
        name="System.Management.Automation.Internal.Host.InternalHost",
        calls={"setshouldexit": lambda _one, _args: None},
    )
    culture = ShellObject((("Name", "en-US"), ("LCID", 1033), ("DisplayName", "English (US)")))
    return ShellObject(
        (
            ("Name", "ConsoleHost"),
            ("Version", cast("version", machine.surroundings.version)),
            ("UI", _console(machine)),
            ("CurrentCulture", culture),
            ("CurrentUICulture", culture),
            ("PrivateData", ShellObject((name, "Red") for name in colors)),
            ("IsRunspacePushed", False),
        ),
        type_=type_,
    )


def _versions(version: str) -> HashTable:
    major = int(version.partition(".")[0])
    table = HashTable()
    table["PSVersion"] = cast("version", version)
    if major >= 5:
        table["PSEdition"] = "Desktop"
    known = ("1.0", "2.0", "3.0", "4.0", "5.0", version)
    table["PSCompatibleVersions"] = [cast("version", one) for one in known[: major + (major > 4)]]
    table["BuildVersion"] = cast("version", "10.0.14393.0" if major >= 5 else "6.3.9600.0")
    table["CLRVersion"] = cast("version", "4.0.30319.42000" if major >= 3 else "2.0.50727.0")
    table["WSManStackVersion"] = cast("version", "3.0" if major >= 3 else "2.0")
    table["PSRemotingProtocolVersion"] = cast("version", "2.3" if major >= 5 else "2.1")
    table["SerializationVersion"] = cast("version", "1.1.0.1")
    return table


def invocation_object(
    machine: Machine,
    *,
    name: str = "",
    at: int | None = None,
    bound: Value = None,
    path: str = "",
) -> ShellObject:
    """Return ``$MyInvocation``: of the script, a function with its name, or another script."""
    script = path.rpartition("\\")[2] or machine.surroundings.script
    path = path or machine.surroundings.script_path
    text = machine.source.text
    sign = "" if at is None or text[at + 1 : at + 2] in {"\\", "/"} else text[at : at + 1]
    fields: list[tuple[str, Value]]
    if name == "script block":
        fields = [("Name", ""), ("CommandType", "Script")]
        name = sign = sign if sign in {"&", "."} else "&"
    elif name:
        fields = [("Name", name), ("CommandType", "Function")]
    else:
        fields = [("Name", script or None), ("CommandType", "ExternalScript")]
        fields += [("Path", path or None), ("Definition", path), ("Source", path)]
    position = None if at is None else machine.source.position(at)
    return ShellObject(
        (
            ("MyCommand", ShellObject(fields, type_=_COMMAND)),
            ("BoundParameters", HashTable() if bound is None else bound),
            ("UnboundArguments", []),
            ("ScriptLineNumber", 0 if position is None else position.line),
            ("ScriptName", (path or None) if name else None),
            ("InvocationName", sign if name and sign in {"&", "."} else name or path),
            ("Line", "" if position is None else line_of(machine.source, position.line)),
            ("OffsetInLine", 0 if position is None else position.column),
            ("PSScriptRoot", path.rpartition("\\")[0]),
            ("PSCommandPath", path),
        ),
        type_=_INVOCATION,
    )


def location_object(path: str) -> ShellObject:
    """Return a folder as ``Get-Location`` does."""
    drive = ShellObject(
        (("Name", path.partition(":")[0]), ("Root", path.partition("\\")[0] + "\\"))
    )
    return ShellObject((("Path", path), ("ProviderPath", path), ("Drive", drive)), type_=_PATH_INFO)


def surrounding_variables(machine: Machine) -> Mapping[str, Callable[[], Value]]:
    """Return what makes the variables that tell a script about its surroundings."""
    about = machine.surroundings
    folder = machine.files.folder
    found: dict[str, Callable[[], Value]] = {
        "Host": lambda: _host(machine),
        "PSVersionTable": lambda: _versions(about.version),
        "PWD": lambda: location_object(folder),
        "PSCulture": lambda: "en-US",
        "PSUICulture": lambda: "en-US",
        "ShellId": lambda: "Microsoft.PowerShell",
        "MyInvocation": lambda: invocation_object(machine),
        "PSBoundParameters": lambda: HashTable(kind="dictionary<string,object>"),
        "HOME": lambda: f"C:\\Users\\{about.user}",
    }
    if about.script:
        found |= {
            "PSScriptRoot": lambda: SCRIPT_FOLDER,
            "PSCommandPath": lambda: about.script_path,
        }
    return found


_MESSAGES = {
    f"System.Management.Automation.{kind}Record": kind for kind in ("Warning", "Verbose", "Debug")
}


def shows(machine: Machine) -> Callable[[Value], None]:
    """Return what takes the objects that a script leaves to the console.

    A message that was merged into the output is shown as what it is.
    """
    display = machine.display

    def show(value: Value) -> None:
        kind = _MESSAGES.get(value.type.name) if isinstance(value, ShellObject) else None
        if kind is None:
            display.emit(value)
        elif kind == "Warning":
            machine.warnings.append(to_text(value))
        else:
            for line in to_text(value).split("\n"):
                display.emit(f"{kind.upper()}: {line}")

    return show
