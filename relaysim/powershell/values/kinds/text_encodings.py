"""Encodings of texts and cultures as values: ``[Text.Encoding]::UTF8``, ``Get-Culture``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.powershell.values.conversion import to_bool, to_int, to_list, to_text
from relaysim.powershell.values.failures import no_overload, not_in_subset
from relaysim.powershell.values.kinds.culture_forms import date_forms, number_forms
from relaysim.powershell.values.numeric import SizedInt
from relaysim.powershell.values.value import (
    DefaultView,
    ObjectType,
    ShellObject,
    TypedArray,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ENCODINGS",
    "byte_array",
    "bytes_of",
    "culture",
    "encoding_named",
    "file_encoding",
    "utf8_encoding",
]

Arguments = list[Value]


def byte_array(octets: Iterable[int]) -> TypedArray:
    """Return bytes as a ``byte[]``."""
    return TypedArray([SizedInt(one, "byte") for one in octets], "byte")


def bytes_of(value: Value) -> bytes:
    """Return the bytes of a list of small numbers."""
    return bytes(to_int(one) & 255 for one in to_list(value))


_SHOWN = (
    "BodyName", "EncodingName", "HeaderName", "WebName", "WindowsCodePage", "IsBrowserDisplay",
    "IsBrowserSave", "IsMailNewsDisplay", "IsMailNewsSave", "IsSingleByte", "EncoderFallback",
    "DecoderFallback", "IsReadOnly", "CodePage",
)  # fmt: skip
_PLACES = ("IsBrowserDisplay", "IsBrowserSave", "IsMailNewsDisplay", "IsMailNewsSave")


def _encoding(
    name: str, short: str, codec: str, page: int, title: str, *, places: str = "----"
) -> ShellObject:
    """Return an encoding.

    Args:
        name: Its type.
        short: Its name in headers of mail.
        codec: Python's name of it.
        page: Its code page.
        title: What people call it.
        places: Where it is used: a letter for each of ``_PLACES``, ``-`` where it is not.
    """

    def octets(arguments: Arguments, name: str = "GetBytes") -> bytes:
        if len(arguments) != 1:
            raise no_overload(name, len(arguments))
        if isinstance(arguments[0], list):
            return "".join(to_text(one) for one in arguments[0]).encode(codec, "replace")
        return to_text(arguments[0]).encode(codec, "replace")

    def text(_value: ShellObject, arguments: Arguments) -> Value:
        if len(arguments) not in {1, 3}:
            raise no_overload("GetString", len(arguments))
        raw = bytes_of(arguments[0])
        if len(arguments) == 3:
            start = to_int(arguments[1])
            raw = raw[start : start + to_int(arguments[2])]
        decoded = raw.decode(codec, "replace")
        return decoded.replace("\ufffd", "?") if codec == "ascii" else decoded

    type_ = ObjectType(
        name=f"System.Text.{name}",
        view=DefaultView(columns=_SHOWN, as_list=True, generated=True),
        text=lambda _value: f"System.Text.{name}",
        calls={
            "getbytes": lambda _value, args: byte_array(octets(args)),
            "getstring": text,
            "getbytecount": lambda _value, args: len(octets(args, "GetByteCount")),
        },
        ancestors=("System.Text.Encoding",),
        read_only=True,
    )
    single = page in {20127, 1252}
    fallback = "InternalEncoderBestFitFallback" if page == 1252 else "EncoderReplacementFallback"
    fallback = f"System.Text.{fallback}"
    facts: dict[str, Value] = {
        "BodyName": "iso-8859-1" if page == 1252 else short,
        "EncodingName": title,
        "HeaderName": short,
        "WebName": short,
        "WindowsCodePage": 1252 if single else 1200,
        **{one: letter != "-" for one, letter in zip(_PLACES, places, strict=True)},
        "IsSingleByte": single,
        "EncoderFallback": fallback,
        "DecoderFallback": fallback.replace("Encoder", "Decoder"),
        "IsReadOnly": True,
        "CodePage": page,
    }
    return ShellObject([(one, facts[one]) for one in _SHOWN], type_=type_)


ENCODINGS: dict[str, ShellObject] = {
    "utf8": _encoding("UTF8Encoding", "utf-8", "utf-8", 65001, "Unicode (UTF-8)", places="bsms"),
    "ascii": _encoding("ASCIIEncoding", "us-ascii", "ascii", 20127, "US-ASCII", places="--ms"),
    "unicode": _encoding("UnicodeEncoding", "utf-16", "utf-16-le", 1200, "Unicode", places="-s--"),
    "bigendianunicode": _encoding(
        "UnicodeEncoding", "utf-16BE", "utf-16-be", 1201, "Unicode (Big-Endian)"
    ),
    "utf32": _encoding("UTF32Encoding", "utf-32", "utf-32-le", 12000, "Unicode (UTF-32)"),
    "default": _encoding(
        "SBCSCodePageEncoding",
        "Windows-1252",
        "cp1252",
        1252,
        "Western European (Windows)",
        places="bsms",
    ),
}
"""The encodings by the names of the members of ``[Text.Encoding]``."""
_NAMES = {
    "utf-8": "utf8", "65001": "utf8", "us-ascii": "ascii", "ascii": "ascii", "20127": "ascii",
    "utf-16": "unicode", "unicode": "unicode", "1200": "unicode", "windows-1252": "default",
    "1252": "default", "utf-16be": "bigendianunicode", "1201": "bigendianunicode",
    "utf-32": "utf32", "12000": "utf32",
}  # fmt: skip


def encoding_named(arguments: Arguments) -> Value:
    """Return ``[Text.Encoding]::GetEncoding``, of a name or the number of a code page."""
    found = _NAMES.get(to_text(arguments[0]).casefold())
    if found is None:
        raise not_in_subset(f"the encoding `{to_text(arguments[0])}`")
    return ENCODINGS[found]


_KEPT = {
    65001: "utf8", 20127: "ascii", 1200: "unicode", 1201: "bigendianunicode", 12000: "utf32",
    1252: "default",
}  # fmt: skip


def utf8_encoding(arguments: Arguments) -> ShellObject:
    """Return a ``UTF8Encoding``: files get a mark only when its first argument asks for one."""
    made = ENCODINGS["utf8"].copy()
    made.base = "marked" if arguments and to_bool(arguments[0]) else "plain"
    return made


def file_encoding(value: Value) -> str:
    """Return how the files of a run name an encoding.

    Raises:
        ConversionError: It is no encoding.
    """
    page = to_int(value.get("CodePage")) if isinstance(value, ShellObject) else 0
    if isinstance(value, ShellObject) and value.base == "plain":
        return "plain"
    if page not in _KEPT:
        raise not_in_subset(f"the encoding `{to_text(value)}`")
    return _KEPT[page]


def _title_case(_value: ShellObject, arguments: Arguments) -> Value:
    """Return a text whose words begin with a capital; words of capitals stay as they are."""
    words, start = [], 0
    text = to_text(arguments[0])
    for at in range(len(text) + 1):
        if at < len(text) and (text[at].isalnum() or text[at] in "'_"):
            continue
        word = text[start:at]
        words.append(word if word.isupper() else word[:1].upper() + word[1:].lower())
        words.append(text[at : at + 1])
        start = at + 1
    return "".join(words)


_TEXT_INFO = ObjectType(
    name="System.Globalization.TextInfo",
    calls={
        "totitlecase": _title_case,
        "toupper": lambda _value, args: to_text(args[0]).upper(),
        "tolower": lambda _value, args: to_text(args[0]).lower(),
    },
    read_only=True,
)
_CULTURE = ObjectType(
    name="System.Globalization.CultureInfo",
    view=DefaultView(columns=("LCID", "Name", "DisplayName"), widths=(16, 16, None)),
    text=lambda value: to_text(value.get("Name")),
    identity=lambda value: value.base,
    read_only=True,
)


def culture(name: str) -> ShellObject:
    """Return a culture: the English one of the United States, or the invariant one.

    Raises:
        ConversionError: Another culture, whose forms are not known here.
    """
    folded = name.casefold()
    if folded not in {"", "en-us", "en"}:
        raise not_in_subset(f"the culture `{name}`", hint="texts have their English forms here")
    shown = "Invariant Language (Invariant Country)" if not folded else "English (United States)"
    return ShellObject(
        (
            ("LCID", 1033 if folded else 127), ("Name", "en-US" if folded else ""),
            ("DisplayName", shown), ("EnglishName", shown), ("NativeName", shown),
            ("TwoLetterISOLanguageName", "en" if folded else "iv"),
            ("TextInfo", ShellObject(
                (("CultureName", name), ("ListSeparator", ",")), type_=_TEXT_INFO
            )),
            ("IsNeutralCulture", folded == "en"),
            ("DateTimeFormat", date_forms(invariant=not folded)),
            ("NumberFormat", number_forms(invariant=not folded)),
        ),
        type_=_CULTURE, base=folded[:2],
    )  # fmt: skip
