"""The types a script can name: their short and full names and what they descend from."""

from __future__ import annotations

from functools import lru_cache

from relaysim.lean import pattern

__all__ = [
    "ACCELERATORS",
    "ancestors",
    "canonical_type",
    "full_name",
    "is_exception",
    "object_text",
]

_FULL: dict[str, str] = {
    "int": "System.Int32", "long": "System.Int64", "byte": "System.Byte",
    "sbyte": "System.SByte", "int16": "System.Int16", "uint16": "System.UInt16",
    "uint32": "System.UInt32", "uint64": "System.UInt64", "single": "System.Single",
    "double": "System.Double", "decimal": "System.Decimal", "bool": "System.Boolean",
    "char": "System.Char", "string": "System.String", "object": "System.Object",
    "array": "System.Array", "hashtable": "System.Collections.Hashtable",
    "ordered": "System.Collections.Specialized.OrderedDictionary",
    "psobject": "System.Management.Automation.PSObject",
    "scriptblock": "System.Management.Automation.ScriptBlock", "type": "System.Type",
    "switch": "System.Management.Automation.SwitchParameter", "void": "System.Void",
    "ipaddress": "System.Net.IPAddress", "guid": "System.Guid", "version": "System.Version",
    "timespan": "System.TimeSpan", "datetime": "System.DateTime",
    "regex": "System.Text.RegularExpressions.Regex", "math": "System.Math",
    "convert": "System.Convert", "environment": "System.Environment",
    "arraylist": "System.Collections.ArrayList", "queue": "System.Collections.Queue",
    "stack": "System.Collections.Stack", "stringbuilder": "System.Text.StringBuilder",
    "mailaddress": "System.Net.Mail.MailAddress",
    "stringcomparison": "System.StringComparison", "stringsplitoptions":
    "System.StringSplitOptions", "dayofweek": "System.DayOfWeek",
    "datetimekind": "System.DateTimeKind", "consolecolor": "System.ConsoleColor",
    "addressfamily": "System.Net.Sockets.AddressFamily", "encoding": "System.Text.Encoding",
    "bitconverter": "System.BitConverter",
    "psreference": "System.Management.Automation.PSReference",
    "midpointrounding": "System.MidpointRounding",
    "splitoptions": "System.Management.Automation.SplitOptions",
    "psmembertypes": "System.Management.Automation.PSMemberTypes",
    "regexoptions": "System.Text.RegularExpressions.RegexOptions",
    "stringcomparer": "System.StringComparer", "path": "System.IO.Path",
    "cultureinfo": "System.Globalization.CultureInfo", "valuetype": "System.ValueType",
    "ienumerable": "System.Collections.IEnumerable", "ilist": "System.Collections.IList",
    "icollection": "System.Collections.ICollection", "enum": "System.Enum",
    "idictionary": "System.Collections.IDictionary", "icomparable": "System.IComparable",
    "icloneable": "System.ICloneable", "iformattable": "System.IFormattable",
    "iconvertible": "System.IConvertible",
    "errorcategory": "System.Management.Automation.ErrorCategory",
    "errorrecord": "System.Management.Automation.ErrorRecord",
    "pscustomobject": "System.Management.Automation.PSCustomObject",
    "pscredential": "System.Management.Automation.PSCredential",
    "keycollection": "System.Collections.Hashtable+KeyCollection",
    "valuecollection": "System.Collections.Hashtable+ValueCollection",
}  # fmt: skip

ACCELERATORS: dict[str, str] = {
    "int": "int", "int32": "int", "long": "long", "int64": "long", "byte": "byte",
    "sbyte": "sbyte", "int16": "int16", "short": "int16", "uint16": "uint16",
    "ushort": "uint16", "uint32": "uint32", "uint": "uint32", "uint64": "uint64",
    "ulong": "uint64", "single": "single", "float": "single", "double": "double",
    "decimal": "decimal", "bool": "bool", "char": "char", "string": "string",
    "array": "array", "hashtable": "hashtable", "ordered": "ordered", "psobject": "psobject",
    "pscustomobject": "psobject", "scriptblock": "scriptblock", "type": "type",
    "switch": "switch", "void": "void", "ipaddress": "ipaddress", "guid": "guid",
    "version": "version", "timespan": "timespan", "datetime": "datetime", "regex": "regex",
    "mailaddress": "mailaddress", "cultureinfo": "cultureinfo", "pscredential": "pscredential",
    "ref": "psreference",
}  # fmt: skip
"""The short names PowerShell adds to the full ones."""

_SYSTEM = "System."
_EXCEPTIONS: dict[str, str] = {
    "System.Exception": "System.Object",
    "System.SystemException": "System.Exception",
    "System.ApplicationException": "System.Exception",
    "System.ArgumentException": "System.SystemException",
    "System.ArgumentNullException": "System.ArgumentException",
    "System.ArgumentOutOfRangeException": "System.ArgumentException",
    "System.ArithmeticException": "System.SystemException",
    "System.DivideByZeroException": "System.ArithmeticException",
    "System.OverflowException": "System.ArithmeticException",
    "System.FormatException": "System.SystemException",
    "System.IndexOutOfRangeException": "System.SystemException",
    "System.InvalidCastException": "System.SystemException",
    "System.InvalidOperationException": "System.SystemException",
    "System.NotImplementedException": "System.SystemException",
    "System.NotSupportedException": "System.SystemException",
    "System.NullReferenceException": "System.SystemException",
    "System.OutOfMemoryException": "System.SystemException",
    "System.TimeoutException": "System.SystemException",
    "System.UnauthorizedAccessException": "System.SystemException",
    "System.Collections.Generic.KeyNotFoundException": "System.SystemException",
    "System.IO.IOException": "System.SystemException",
    "System.IO.FileNotFoundException": "System.IO.IOException",
    "System.IO.DirectoryNotFoundException": "System.IO.IOException",
    "System.Net.WebException": "System.InvalidOperationException",
    "System.Management.Automation.RuntimeException": "System.SystemException",
    "System.Management.Automation.PSInvalidCastException": "System.InvalidCastException",
    "System.Management.Automation.PSArgumentException": "System.ArgumentException",
    "System.Management.Automation.PSInvalidOperationException": "System.InvalidOperationException",
    "System.Management.Automation.PSNotSupportedException": "System.NotSupportedException",
    "System.Management.Automation.CommandNotFoundException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.ActionPreferenceStopException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.ParameterBindingException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.ParameterBindingValidationException": (
        "System.Management.Automation.ParameterBindingException"
    ),
    "System.Management.Automation.ParameterBindingArgumentTransformationException": (
        "System.Management.Automation.ParameterBindingException"
    ),
    "System.Management.Automation.PSArgumentOutOfRangeException": (
        "System.ArgumentOutOfRangeException"
    ),
    "System.Management.Automation.MetadataException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.ValidationMetadataException": (
        "System.Management.Automation.MetadataException"
    ),
    "System.Management.Automation.ArgumentTransformationMetadataException": (
        "System.Management.Automation.MetadataException"
    ),
    "System.Management.Automation.ExtendedTypeSystemException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.PropertyNotFoundException": (
        "System.Management.Automation.ExtendedTypeSystemException"
    ),
    "System.Management.Automation.MethodException": (
        "System.Management.Automation.ExtendedTypeSystemException"
    ),
    "System.Management.Automation.MethodInvocationException": (
        "System.Management.Automation.MethodException"
    ),
    "System.Management.Automation.GetValueException": (
        "System.Management.Automation.ExtendedTypeSystemException"
    ),
    "System.Management.Automation.GetValueInvocationException": (
        "System.Management.Automation.GetValueException"
    ),
    "System.Management.Automation.SetValueException": (
        "System.Management.Automation.ExtendedTypeSystemException"
    ),
    "System.Management.Automation.SetValueInvocationException": (
        "System.Management.Automation.SetValueException"
    ),
    "System.Management.Automation.SessionStateException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.ItemNotFoundException": (
        "System.Management.Automation.SessionStateException"
    ),
    "System.Management.Automation.SessionStateUnauthorizedAccessException": (
        "System.Management.Automation.SessionStateException"
    ),
    "System.Management.Automation.WildcardPatternException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.PipelineStoppedException": (
        "System.Management.Automation.RuntimeException"
    ),
    "System.Management.Automation.ParseException": (
        "System.Management.Automation.RuntimeException"
    ),
    "Microsoft.PowerShell.Commands.WriteErrorException": "System.SystemException",
}

_BY_FULL = {name.lower(): short for short, name in _FULL.items()}
_BY_FULL |= {name.lower(): name for name in _EXCEPTIONS}
_BY_FULL["system.management.automation.pscustomobject"] = "psobject"
_GENERIC = pattern(
    r"(?:system\.)?collections\.generic\.(list|queue|stack|hashset|dictionary)(?:`\d)?\[(.*)\]"
)

_ENUMERATED = frozenset(
    {
        "stringcomparison", "stringsplitoptions", "dayofweek", "midpointrounding", "regexoptions",
        "datetimekind", "consolecolor", "addressfamily", "psmembertypes", "errorcategory",
        "splitoptions",
    }
)  # fmt: skip
_PARENTS: dict[str, tuple[str, ...]] = {
    "string": ("icomparable", "ienumerable", "icloneable", "iconvertible"),
    "array": ("ilist", "icollection", "ienumerable", "icloneable"),
    "arraylist": ("ilist", "icollection", "ienumerable", "icloneable"),
    "hashtable": ("idictionary", "icollection", "ienumerable", "icloneable"),
    "ordered": ("idictionary", "icollection", "ienumerable"),
    "keycollection": ("icollection", "ienumerable"),
    "valuecollection": ("icollection", "ienumerable"),
    "queue": ("icollection", "ienumerable", "icloneable"),
    "stack": ("icollection", "ienumerable", "icloneable"),
    "version": ("icomparable", "icloneable"),
    "bool": ("valuetype", "icomparable", "iconvertible"),
    "char": ("valuetype", "icomparable", "iconvertible"),
    "guid": ("valuetype", "icomparable", "iformattable"),
    "timespan": ("valuetype", "icomparable", "iformattable"),
    "datetime": ("valuetype", "icomparable", "iformattable", "iconvertible"),
    "switch": ("valuetype",),
}
_PARENTS |= dict.fromkeys(
    _ENUMERATED, ("enum", "valuetype", "icomparable", "iformattable", "iconvertible")
)
for _number in (
    "int", "long", "byte", "sbyte", "int16", "uint16", "uint32", "uint64", "single", "double",
    "decimal",
):  # fmt: skip
    _PARENTS[_number] = ("valuetype", "icomparable", "iformattable", "iconvertible")


@lru_cache(maxsize=512)
def canonical_type(name: str) -> str | None:
    """Return the canonical name of a type, with ``[]`` for arrays of it, or ``None``.

    An accelerator, a full name, or a full name without ``System.``, as PowerShell takes them.
    Exceptions have their full name, generic collections ``list<string>``.

    >>> canonical_type("System.String[]"), canonical_type("Int64"), canonical_type("Frob")
    ('string[]', 'long', None)
    >>> canonical_type("ArrayList"), canonical_type("Collections.ArrayList")
    (None, 'arraylist')
    """
    lowered = "".join(name.lower().split())
    known = ACCELERATORS.get(lowered) or _BY_FULL.get(lowered) or _BY_FULL.get(f"system.{lowered}")
    if known is not None:
        return known
    if lowered.endswith("[]"):
        item = canonical_type(lowered[:-2])
        return None if item is None else f"{item}[]"
    generic = _GENERIC.fullmatch(lowered)
    if generic is None:
        return None
    kind, inner = generic.groups()
    parts = [canonical_type(part.strip("[]")) for part in inner.split(",")]
    if None in parts or len(parts) != (2 if kind == "dictionary" else 1):
        return None
    return f"{kind}<{','.join(part or '' for part in parts)}>"


_COLLECTION_TEXT = (
    "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]"
)
_COLLECTION = (
    "System.Collections.ObjectModel.Collection`1[[System.Management.Automation.PSObject, "
    "System.Management.Automation, Version=3.0.0.0, Culture=neutral, "
    "PublicKeyToken=31bf3856ad364e35]]"
)


_ASSEMBLY = ", mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"


def full_name(canonical: str) -> str:
    """Return the .NET name of a canonical type name."""
    if canonical.endswith("[]"):
        return f"{full_name(canonical[:-2])}[]"
    if canonical.endswith(">"):
        kind, _, inner = canonical[:-1].partition("<")
        names = ",".join(f"[{full_name(part)}{_ASSEMBLY}]" for part in inner.split(","))
        count = inner.count(",") + 1
        title = {"hashset": "HashSet"}.get(kind, kind.capitalize())
        return f"System.Collections.Generic.{title}`{count}[{names}]"
    if canonical == "collection":
        return _COLLECTION
    return _FULL.get(canonical, canonical)


def object_text(canonical: str) -> str:
    """Return what the ``ToString`` of a collection gives: the name of its type.

    >>> object_text("list<string>")
    'System.Collections.Generic.List`1[System.String]'
    """
    if canonical == "collection":
        return _COLLECTION_TEXT
    name = full_name(canonical).replace(_ASSEMBLY, "").replace("],[", ",")
    return name.replace("[[", "[").replace("]]", "]")


def is_exception(canonical: str) -> bool:
    """Tell whether a canonical name is that of an exception."""
    return canonical in _EXCEPTIONS


@lru_cache(maxsize=512)
def ancestors(canonical: str) -> tuple[str, ...]:
    """Return the canonical names a value of a type also answers to with ``-is``, itself first."""
    if canonical in _EXCEPTIONS:
        line = [canonical]
        while line[-1] in _EXCEPTIONS:
            line.append(_EXCEPTIONS[line[-1]])
        return (*line, "object")
    if canonical.endswith("[]"):
        return (canonical, "array", *_PARENTS["array"], "object")
    if canonical.startswith(("list<", "queue<", "stack<", "hashset<")):
        return (canonical, *_PARENTS["arraylist"][:3], "object")
    if canonical.startswith("dictionary<"):
        return (canonical, "idictionary", "icollection", "ienumerable", "object")
    return (canonical, *_PARENTS.get(canonical, ()), "object")


def base_name(canonical: str) -> str:
    """Return the full name of what a type is derived from, empty for ``System.Object``."""
    if canonical in _EXCEPTIONS:
        return _EXCEPTIONS[canonical]
    if canonical.endswith("[]"):
        return "System.Array"
    if canonical == "object":
        return ""
    if canonical in _ENUMERATED:
        return "System.Enum"
    return "System.ValueType" if "valuetype" in _PARENTS.get(canonical, ()) else "System.Object"
