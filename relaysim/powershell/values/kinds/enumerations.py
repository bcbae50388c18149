"""The enumerations that scripts about servers meet, and how texts and numbers become members."""

from __future__ import annotations

from relaysim.powershell.values.conversion import bounded, final_failure, shown, to_text
from relaysim.powershell.values.failures import ConversionError, cast_failure
from relaysim.powershell.values.numeric import Char
from relaysim.powershell.values.type_names import full_name
from relaysim.powershell.values.value import (
    EnumValue,
    ScriptBlockValue,
    ShellObject,
    SwitchValue,
    TypeValue,
    Value,
)

__all__ = ["ENUMERATIONS", "enum_member", "member_numbered", "to_enum"]


def _counted(names: str) -> tuple[tuple[str, int], ...]:
    return tuple((name, number) for number, name in enumerate(names.split()))


ENUMERATIONS: dict[str, tuple[tuple[str, int], ...]] = {
    "stringcomparison": _counted(
        "CurrentCulture CurrentCultureIgnoreCase InvariantCulture InvariantCultureIgnoreCase "
        "Ordinal OrdinalIgnoreCase"
    ),
    "stringsplitoptions": _counted("None RemoveEmptyEntries"),
    "dayofweek": _counted("Sunday Monday Tuesday Wednesday Thursday Friday Saturday"),
    "midpointrounding": _counted("ToEven AwayFromZero"),
    "regexoptions": (
        ("None", 0), ("IgnoreCase", 1), ("Multiline", 2), ("ExplicitCapture", 4), ("Compiled", 8),
        ("Singleline", 16), ("IgnorePatternWhitespace", 32), ("RightToLeft", 64),
        ("ECMAScript", 256), ("CultureInvariant", 512),
    ),
    "splitoptions": (
        ("SimpleMatch", 1), ("RegexMatch", 2), ("CultureInvariant", 4),
        ("IgnorePatternWhitespace", 8), ("Multiline", 16), ("Singleline", 32), ("IgnoreCase", 64),
        ("ExplicitCapture", 128),
    ),
    "errorcategory": _counted(
        "NotSpecified OpenError CloseError DeviceError DeadlockDetected InvalidArgument "
        "InvalidData InvalidOperation InvalidResult InvalidType MetadataError NotImplemented "
        "NotInstalled ObjectNotFound OperationStopped OperationTimeout SyntaxError ParserError "
        "PermissionDenied ResourceBusy ResourceExists ResourceUnavailable ReadError WriteError "
        "FromStdErr SecurityError ProtocolError ConnectionError AuthenticationError "
        "LimitsExceeded QuotaExceeded NotEnabled"
    ),
    "datetimekind": _counted("Unspecified Utc Local"),
    "consolecolor": _counted(
        "Black DarkBlue DarkGreen DarkCyan DarkRed DarkMagenta DarkYellow Gray DarkGray Blue Green "
        "Cyan Red Magenta Yellow White"
    ),
    "psmembertypes": (
        ("AliasProperty", 1), ("CodeProperty", 2), ("Property", 4), ("NoteProperty", 8),
        ("ScriptProperty", 16), ("PropertySet", 32), ("Method", 64), ("CodeMethod", 128),
        ("ScriptMethod", 256), ("ParameterizedProperty", 512), ("MemberSet", 1024), ("Event", 2048),
    ),
    "addressfamily": (("Unspecified", 0), ("InterNetwork", 2), ("InterNetworkV6", 23)),
}  # fmt: skip
"""The members of each enumeration with their numbers, in the order of the numbers."""


def enum_member(kind: str, name: str) -> EnumValue | None:
    """Return a member of an enumeration by its name without case."""
    for own, number in ENUMERATIONS.get(kind, ()):
        if own.casefold() == name.casefold():
            return EnumValue(kind=kind, name=own, number=number)
    return None


def member_numbered(kind: str, number: int) -> EnumValue:
    """Return the member of a number; of a number without one it is called by the number."""
    name = next((name for name, own in ENUMERATIONS.get(kind, ()) if own == number), str(number))
    return EnumValue(kind=kind, name=name, number=number)


def _numbered(kind: str, number: int, value: Value) -> EnumValue:
    """Return the member of a number."""
    if any(own == number for _, own in ENUMERATIONS[kind]):
        return member_numbered(kind, number)
    names = ",".join(name for name, _ in ENUMERATIONS[kind])
    raise ConversionError(
        f'Cannot convert value "{shown(value)}" to type "{full_name(kind)}" due to enumeration '
        "values that are not valid. Specify one of the following enumeration values and try again. "
        f'The possible enumeration values are "{names}".',
        id="EnumParseUndefined" if isinstance(value, str) else "UndefinedIntegerToEnum",
    )


_FLAGS = frozenset({"regexoptions"})
"""Enumerations of which several members are one value."""


def _combined(kind: str, value: Value) -> EnumValue | None:
    """Return several members of an enumeration as one, ``None`` where it is none or one."""
    number = 0
    if isinstance(value, int) and not isinstance(value, bool):
        number = int(value)
    elif isinstance(value, str) and "," in value:
        for part in value.split(","):
            member = to_enum(kind, part)
            number |= member.number if isinstance(member, EnumValue) else 0
    names = [name for name, own in ENUMERATIONS[kind] if own and number & own]
    if number < 1 or sum(own for _, own in ENUMERATIONS[kind] if number & own) != number:
        return None
    return EnumValue(kind=kind, name=", ".join(names), number=number)


def to_enum(kind: str, value: Value) -> Value:
    """Return a value as a member: its number, its name, or the beginning of only one name.

    Raises:
        ConversionError: It is none of them.
    """
    if isinstance(value, EnumValue) and value.kind == kind:
        return value
    members = ENUMERATIONS[kind]
    if kind in _FLAGS and (combined := _combined(kind, value)) is not None:
        return combined
    if isinstance(value, int) and not isinstance(value, bool):
        return _numbered(kind, int(value), value)
    if value is None:
        names = ",".join(name for name, _ in members)
        raise ConversionError(
            f'Cannot convert null to type "{full_name(kind)}" due to enumeration values that are '
            "not valid. Specify one of the following enumeration values and try again. The "
            f'possible enumeration values are "{names}".',
            id="nullToEnumInvalidCast",
        )
    if isinstance(value, EnumValue):
        return _numbered(kind, value.number, value)
    if isinstance(value, bool | ScriptBlockValue | ShellObject | TypeValue | SwitchValue):
        raise final_failure(value, kind)
    if isinstance(value, Char):
        name = full_name(kind)
        reason = f"Invalid cast from 'System.Char' to '{name}'."
        raise cast_failure(value, name, reason, "InvalidCastIConvertible")
    text = to_text(value).strip()
    if text.lstrip("+-").isdecimal():
        return _numbered(kind, int(text), value)
    found = enum_member(kind, text)
    begun = [name for name, _ in members if text and name.casefold().startswith(text.casefold())]
    if found is None and len(begun) == 1:
        found = enum_member(kind, begun[0])
    if found is None and begun:
        raise ConversionError(
            f'Cannot convert value "{shown(value)}" to type "{full_name(kind)}". Error: "The '
            f"identifier name {text} cannot be processed because it is either too similar or "
            f"identical to the following enumerator names: {', '.join(begun)}. Use a more specific "
            'identifier name."',
            id="SubstringDisambiguationEnumParseThrewAnException",
        )
    if found is None:
        names = ", ".join(name for name, _ in members)
        raise ConversionError(
            f'Cannot convert value "{shown(value)}" to type "{full_name(kind)}". Error: "Unable '
            f"to match the identifier name {bounded(shown(value))} to a valid enumerator name. "
            f'Specify one of the following enumerator names and try again:\n{names}"',
            id="SubstringDisambiguationEnumParseThrewAnException",
        )
    return found
