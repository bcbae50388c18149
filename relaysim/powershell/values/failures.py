"""The error of a value that does not fit, and what PowerShell says about errors by their id."""

from __future__ import annotations

from relaysim.errors import RelaysimError

__all__ = [
    "BAD_FORMAT",
    "KINDS",
    "SHOWN_IDS",
    "ConversionError",
    "cast_failure",
    "kind_of_error",
    "method_failure",
    "no_overload",
    "not_in_subset",
    "not_known",
]

_SMA = "System.Management.Automation."
RUNTIME = _SMA + "RuntimeException"

KINDS: dict[str, tuple[str, str, str]] = {
    "RuntimeException": ("NotSpecified", RUNTIME, ""),
    "DivideByZero": ("NotSpecified", RUNTIME, "System.DivideByZeroException"),
    "ExceptionWhenGetting": (
        "NotSpecified", _SMA + "GetValueInvocationException", "System.IndexOutOfRangeException",
    ),
    "BlockFailed": ("NotSpecified", _SMA + "MethodInvocationException", RUNTIME),
    "BlockStopped": (
        "NotSpecified", _SMA + "MethodInvocationException", _SMA + "ActionPreferenceStopException",
    ),
    "VariableNotWritable": (
        "WriteError", _SMA + "SessionStateUnauthorizedAccessException", "",
    ),
    "CommandNotFoundException": ("ObjectNotFound", _SMA + "CommandNotFoundException", ""),
    "MethodCountCouldNotFindBest": ("NotSpecified", _SMA + "MethodException", ""),
    "MethodArgumentConversionInvalidCastArgument": (
        "NotSpecified", _SMA + "MethodException", _SMA + "PSInvalidCastException",
    ),
    "ExceptionWhenSetting": ("NotSpecified", _SMA + "SetValueInvocationException", RUNTIME),
    "WildcardPattern": ("NotSpecified", _SMA + "WildcardPatternException", ""),
    "NoSuchProperty": ("InvalidOperation", RUNTIME, ""),
    "NoTransformation": (
        "MetadataError", _SMA + "ArgumentTransformationMetadataException",
        _SMA + "PSInvalidCastException",
    ),
    **dict.fromkeys(
        (
            "ValidateRangeMaxLengthSmallerThanMinLength", "MaxRangeSmallerThanMinRange",
            "ValidateLengthMaxLengthSmallerThanMinLength", "MinRangeNotTheSameTypeOfMaxRange",
        ),
        ("MetadataError", _SMA + "ValidationMetadataException", ""),
    ),
    **dict.fromkeys(
        (
            "ParameterNameAlreadyExistsForCommand", "AliasParameterNameAlreadyExistsForCommand",
            "AliasDeclaredMultipleTimes", "ParameterNameConflictsWithAlias",
        ),
        ("MetadataError", _SMA + "MetadataException", ""),
    ),
    "ValidateSetFailure": ("MetadataError", _SMA + "ValidationMetadataException", ""),
    "InvalidCastFromStringToType": ("InvalidArgument", RUNTIME, _SMA + "PSInvalidCastException"),
    "PropertyAssignmentException": ("InvalidOperation", RUNTIME, _SMA + "SetValueException"),
    "ComparisonFailure": ("InvalidOperation", RUNTIME, _SMA + "PSInvalidCastException"),
    "PSObjectCompareTo": ("NotSpecified", _SMA + "ExtendedTypeSystemException", ""),
    "InvalidRegularExpression": ("InvalidOperation", RUNTIME, "System.ArgumentException"),
    "WriteError": (
        "NotSpecified", "Microsoft.PowerShell.Commands.WriteErrorException", "",
    ),
    "PropertyNotFoundStrict": ("NotSpecified", _SMA + "PropertyNotFoundException", ""),
    "InvalidOperation": ("InvalidOperation", _SMA + "PSInvalidOperationException", ""),
    "TypeNotFound": ("InvalidOperation", RUNTIME, ""),
}  # fmt: skip
"""Id of an error to its category, the type of its exception and that of the inner one."""

SHOWN_IDS = {
    "DivideByZero": "RuntimeException",
    "BlockFailed": "RuntimeException",
    "WildcardPattern": "RuntimeException",
    "NoSuchProperty": "PropertyAssignmentException",
    "NoTransformation": "RuntimeException",
    "BlockStopped": "ActionPreferenceStopException",
}
"""Ids that a script sees under another name."""

_OPERATIONS = frozenset(
    {
        "ExceptionConstructingAttribute", "PropertyNotFoundForType",
        "BadOperatorArgument", "ObjectCreationError",
        "AddHashTableToNonHashTable", "BadExpression", "BadReplaceArgument", "CannotIndex",
        "IsOperatorRequiresType", "AsOperatorRequiresType",
        "ForEachNonexistentMemberReference", "FormatError",
        "InvokeMethodOnNull", "MethodNotFound",
        "NotADefinedOperationForType", "NotIcomparable", "NullArray", "NullArrayIndex",
        "OperatorRequiresNumber", "PropertyNotFound", "StrictModeFunctionCallWithParens",
        "VariableIsUndefined",
    }
)  # fmt: skip


_CASTS = (
    "InvalidCast", "ConvertTo", "SubstringDisambiguationEnumParse", "UndefinedIntegerToEnum",
    "EnumParseUndefined", "nullTo",
)  # fmt: skip


def kind_of_error(error_id: str) -> tuple[str, str, str]:
    """Return the category, the exception's type and the inner exception's type of an id."""
    known = KINDS.get(error_id)
    if known is not None:
        return known
    if error_id in _OPERATIONS:
        return ("InvalidOperation", RUNTIME, "")
    if error_id.startswith(_CASTS):
        return ("InvalidArgument", RUNTIME, _SMA + "PSInvalidCastException")
    if error_id.startswith(("Parameter", "MissingMandatory", "NamedParam", "Positional", "Cannot")):
        return ("InvalidArgument", _SMA + "ParameterBindingException", "")
    if error_id.startswith("System."):
        return ("OperationStopped", error_id, "")
    if error_id.endswith("Exception"):
        return ("NotSpecified", _SMA + "MethodInvocationException", f"System.{error_id}")
    return ("NotSpecified", RUNTIME, "")


class ConversionError(RelaysimError):
    """A value that cannot become what is asked for.

    Raised by converters of parameters and properties, operators and methods.

    Attributes:
        message: What PowerShell says.
        id: The id of the error.
        hint: Advice, or ``None``.
        subset: Whether the trouble is that something is not part of the subset: such an error ends
            the script, since what would follow is not known.
        target: What the error is about, or ``None``.
    """

    def __init__(
        self,
        message: str,
        *,
        id: str = "InvalidCast",  # noqa: A002 - the word of the error record
        hint: str | None = None,
        subset: bool = False,
        target: object = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.id = id
        self.hint = hint
        self.subset = subset
        self.target = target


BAD_FORMAT = "Input string was not in a correct format."
"""What .NET Framework says of a text that is no number."""


def cast_failure(shown: str, full_name: str, reason: str, error_id: str) -> ConversionError:
    """Return the error of a cast, with PowerShell's words."""
    return ConversionError(
        f'Cannot convert value "{shown}" to type "{full_name}". Error: "{reason}"', id=error_id
    )


def no_overload(name: str, count: int) -> ConversionError:
    """Return the error of a method called with a number of arguments that no overload takes."""
    return ConversionError(
        f'Cannot find an overload for "{name}" and the argument count: "{count}".',
        id="MethodCountCouldNotFindBest",
    )


def method_failure(name: str, count: int, reason: str, error_id: str) -> ConversionError:
    """Return the error of a method that took its arguments and failed."""
    return ConversionError(
        f'Exception calling "{name}" with "{count}" argument(s): "{reason}"', id=error_id
    )


def not_known(what: str, *, hint: str | None = None) -> ConversionError:
    """Return the error that ends a script at a question nobody here can answer."""
    return ConversionError(f"{what} is not known here", id="NotKnown", hint=hint, subset=True)


def not_in_subset(what: str, *, hint: str | None = None) -> ConversionError:
    """Return the error that ends a script at something it may not use."""
    return ConversionError(
        f"{what} is not part of the subset", id="NotInSubset", hint=hint, subset=True
    )


def no_coercion(left: str, right: str = "System.Decimal") -> ConversionError:
    """Return the error of two types that no operator takes together, by their full names."""
    return ConversionError(
        f"No coercion operator is defined between types '{left}' and '{right}'.",
        id="System.InvalidOperationException",
    )
