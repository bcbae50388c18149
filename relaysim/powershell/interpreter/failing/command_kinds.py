"""What the errors of commands are, by their ids: their category and the type of their exception."""

from __future__ import annotations

__all__ = ["INNER_EXCEPTIONS", "MISSING", "NO_SET", "binding_kind", "command_kind"]

NO_SET = "Parameter set cannot be resolved using the specified named parameters."
"""What is said of parameters that belong to no common set."""

MISSING = "Cannot process command because of one or more missing mandatory parameters:"
"""What is said before the names of parameters that must be given."""

_SMA = "System.Management.Automation."
_BINDING = f"{_SMA}ParameterBindingException"
_ARGUMENT = f"{_SMA}PSArgumentException"
_NOT_WRITABLE = ("WriteError", f"{_SMA}SessionStateUnauthorizedAccessException")
_CALCULATED = ("InvalidArgument", "System.NotSupportedException")

_KINDS: dict[str, tuple[str, str]] = {
    "PathNotFound": ("ObjectNotFound", f"{_SMA}ItemNotFoundException"),
    "ItemNotFoundException": ("ObjectNotFound", f"{_SMA}ItemNotFoundException"),
    "VariableNotFound": ("ObjectNotFound", f"{_SMA}ItemNotFoundException"),
    "CommandNotFoundException": ("ObjectNotFound", f"{_SMA}CommandNotFoundException"),
    "FileOpenFailure": ("OpenError", "System.IO.FileNotFoundException"),
    "GetContentWriterDirectoryNotFoundError": (
        "ObjectNotFound", "System.IO.DirectoryNotFoundException",
    ),
    "NoClobber": ("ResourceExists", "System.IO.IOException"),
    "MissingMandatoryParameter": ("InvalidArgument", _BINDING),
    "AmbiguousParameterSet": ("InvalidArgument", _BINDING),
    "InputObjectNotBound": ("InvalidArgument", _BINDING),
    "InputObjectMissingMandatory": ("InvalidArgument", _BINDING),
    "System.ArgumentException": ("NotSpecified", "System.ArgumentException"),
    "InvalidOperation": ("InvalidOperation", f"{_SMA}PSInvalidOperationException"),
    "NonNumericInputObject": ("InvalidType", f"{_SMA}PSInvalidOperationException"),
    "MemberAlreadyExists": ("InvalidOperation", "System.InvalidOperationException"),
    "Value2ShouldNotBeSpecified": ("InvalidOperation", "System.InvalidOperationException"),
    "NoObjectInGetMember": ("CloseError", "System.InvalidOperationException"),
    "ConstructorInvokedThrowException": ("InvalidOperation", f"{_SMA}MethodInvocationException"),
    "MethodInvocationError": ("InvalidOperation", f"{_SMA}MethodInvocationException"),
    "TypeNotFound": ("InvalidType", _ARGUMENT),
    "CannotFindAppropriateCtor": ("ObjectNotFound", _ARGUMENT),
    "AlreadyExistingUserSpecifiedPropertyNoExpand": ("InvalidOperation", _ARGUMENT),
    "ExpandPropertyNotFound": ("InvalidArgument", _ARGUMENT),
    "ValueNotSpecifiedForWhereObject": ("InvalidArgument", _ARGUMENT),
    "MethodNotFound": ("InvalidArgument", _ARGUMENT),
    "OperatorNotSpecified": ("InvalidArgument", _ARGUMENT),
    "BadOperatorArgument": ("InvalidArgument", _ARGUMENT),
    "AmbiguousPropertyName": ("InvalidArgument", _ARGUMENT),
    "OperatorFailed": ("InvalidOperation", f"{_SMA}PSInvalidOperationException"),
    "InvalidRegex": ("InvalidArgument", "System.ArgumentException"),
    "ParsePathFormatError": ("InvalidArgument", "System.FormatException"),
    "VariableNotWritable": _NOT_WRITABLE,
    "VariableNotRemovable": _NOT_WRITABLE,
    "VariableCannotBeMadeConstant": _NOT_WRITABLE,
    "VariableAlreadyExists": ("ResourceExists", f"{_SMA}SessionStateException"),
    "AliasAlreadyExists": ("ResourceExists", f"{_SMA}SessionStateException"),
    "ArgumentOutOfRange": ("InvalidArgument", f"{_SMA}PSArgumentOutOfRangeException"),
    "AlreadyPresentPSMemberInfoInternalCollectionAdd": (
        "NotSpecified", f"{_SMA}ExtendedTypeSystemException",
    ),
    "AlignmentIllegalValue": _CALCULATED,
    "DictionaryKeyAmbiguous": _CALCULATED,
    "DictionaryKeyDuplicate": _CALCULATED,
    "DictionaryKeyIllegal": _CALCULATED,
    "DictionaryKeyIllegalValue1": _CALCULATED,
    "DictionaryKeyIllegalValue2": _CALCULATED,
    "DictionaryKeyMandatoryEntry": _CALCULATED,
    "DictionaryKeyMissingValue": _CALCULATED,
    "DictionaryKeyNonString": _CALCULATED,
    "DictionaryKeyUnknownType": _CALCULATED,
    "ExpressionEmptyString1": _CALCULATED,
    "ExpressionEmptyString2": _CALCULATED,
    "FormatStringEmpty": _CALCULATED,
    "WidthOutOfRange": _CALCULATED,
    "ActionPreferenceStop": ("OperationStopped", f"{_SMA}ActionPreferenceStopException"),
}  # fmt: skip

INNER_EXCEPTIONS = {
    "ParameterArgumentTransformationError": f"{_SMA}ArgumentTransformationMetadataException",
    "ParameterArgumentValidationError": f"{_SMA}ValidationMetadataException",
    "CannotConvertArgumentNoMessage": f"{_SMA}PSInvalidCastException",
}
"""What is inside the error of an argument, by its id."""


def binding_kind(error_id: str) -> tuple[str, str]:
    """Return the category and the exception's type of an argument that fits no parameter.

    >>> binding_kind("ParameterArgumentValidationErrorNullNotAllowed")[1].rpartition(".")[2]
    'ParameterBindingValidationException'
    """
    if error_id == "ParameterArgumentTransformationError":
        return "InvalidData", f"{_SMA}ParameterBindingArgumentTransformationException"
    if error_id.startswith("ParameterArg"):
        return "InvalidData", f"{_SMA}ParameterBindingValidationException"
    return "InvalidArgument", _BINDING


def command_kind(error_id: str) -> tuple[str, str] | None:
    """Return the category and the exception's type of an error, ``None`` where it has no own."""
    if error_id.startswith("ParameterArg"):
        return binding_kind(error_id)
    return _KINDS.get(error_id)
