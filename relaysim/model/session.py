"""Who connects, and what it tries to send."""

from enum import Enum
from types import NoneType
from typing import TYPE_CHECKING, Any

from relaysim.errors import InvalidInput
from relaysim.lean import field_defaults, field_names, frozen
from relaysim.model.facts.checks import mended
from relaysim.net.address import Address

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "EVERY_KIND",
    "TLS_STATES",
    "AuthKind",
    "Session",
    "SessionShape",
    "behind_words",
    "default_of",
    "parse_auth",
    "parse_mailbox",
    "parse_size",
    "shape_fields",
]


class AuthKind(Enum):
    """How the client identifies itself; the value is the word used on the command line."""

    NONE = "none"
    USER = "user"
    BASIC = "basic"
    NTLM = "ntlm"
    EXCHANGE = "exchange"
    EDGE = "edge"
    LEGACY = "legacy"
    PARTNER = "partner"

    __hash__ = object.__hash__

    @property
    def is_account(self) -> bool:
        """Whether an account logs on with AUTH."""
        return self in (AuthKind.USER, AuthKind.BASIC, AuthKind.NTLM)


EVERY_KIND = (
    AuthKind.NONE,
    AuthKind.USER,
    AuthKind.EXCHANGE,
    AuthKind.EDGE,
    AuthKind.LEGACY,
    AuthKind.PARTNER,
)
"""Whom a statement about everybody asks for; an account, by whatever mechanism, is one kind."""
TLS_STATES = (False, True)
"""Without TLS and with it: both are asked of a statement about everybody."""


@frozen
class SessionShape:
    """A session without its client: all that many clients may have in common.

    These are the facts of a session; :mod:`relaysim.model.facts.catalogue` has a row for each, from
    which options, columns, scenario keys and documents are made. What else a new field needs is
    found by ``tests/model/test_session_facts.py``.

    Attributes:
        local_ip: The server's own address the client connected to, or ``None`` when not known.
        port: The server's port.
        auth: How the client identifies itself. ``USER`` is an account by any mechanism offered.
        user: Account name, or ``None`` when not named.
        groups: Further groups of the account.
        cert: Name in the certificate that the client shows after STARTTLS, ``""`` for none,
            ``None`` when not known; what hangs on it is then undecided (P-5).
        tls: The client issues STARTTLS before anything else.
        mail_from: Envelope sender, ``""`` for the null sender, ``None`` when not asked about.
        header_from: Address in the From header, ``""`` for a message without one, ``None`` for
            "the same as ``mail_from``".
        rcpt_to: Envelope recipients, in order.
        size: Message size in bytes, or ``None`` when not asked about.
    """

    auth: AuthKind = AuthKind.NONE
    tls: bool = False
    port: int = 25
    local_ip: Address | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    cert: str | None = None
    mail_from: str | None = None
    header_from: str | None = None
    rcpt_to: tuple[str, ...] = ()
    size: int | None = None

    def __post_init__(self) -> None:
        """Take text for what it stands for, and refuse what is nothing of the kind.

        Raises:
            InvalidInput: With every field that is wrong.
        """
        if not self._is_plain():
            values = mended({name: getattr(self, name) for name in field_names(type(self))}, *_AUTH)
            for name, value in values.items():
                object.__setattr__(self, name, value)

    def _is_plain(self) -> bool:
        """Tell whether every field has its own type already."""
        return _has_plain_facts(self)

    def at(self, ip: Address) -> "Session":
        """Return the session of a client at ``ip``."""
        return Session(ip=ip, **self.facts())

    def facts(self) -> dict[str, Any]:
        """Return the value of every field of a shape by its name, in declaration order."""
        return {name: getattr(self, name) for name in _SHAPE_FIELDS}


@frozen
class Session(SessionShape):
    """One client connection and one message, as the server sees them.

    Attributes:
        ip: Client address. An IPv4-mapped IPv6 address counts as its IPv4 address.
        behind: Address of the load balancer or NAT that the client stands behind, ``None`` for
            none. It is then all that the server sees (S-9).
    """

    ip: Address
    behind: Address | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            *,
            ip: Address | str,
            behind: Address | str | None = None,
            auth: AuthKind | str = AuthKind.NONE,
            tls: bool = False,
            port: int = 25,
            local_ip: Address | str | None = None,
            user: str | None = None,
            groups: Iterable[str] = (),
            cert: str | None = None,
            mail_from: str | None = None,
            header_from: str | None = None,
            rcpt_to: Iterable[str] = (),
            size: int | None = None,
        ) -> None: ...

    def _is_plain(self) -> bool:
        """Tell whether every field has its own type already."""
        places = type(self.ip) in _CLIENT, type(self.behind) in _ADDRESS
        return all(places) and _has_plain_facts(self)

    @property
    def seen(self) -> Address:
        """The address that the server sees, as it was given."""
        return self.ip if self.behind is None else self.behind

    @property
    def shape(self) -> SessionShape:
        """The session without its client."""
        return SessionShape(**self.facts())


def _has_plain_facts(shape: Any) -> bool:  # noqa: ANN401  # its fields may hold anything
    """Tell whether every fact has its own type already, as those of bulk questions have."""
    size, port = shape.size, shape.port
    return (
        type(shape.auth) is AuthKind
        and type(shape.tls) is bool
        and type(port) is int
        and 0 < port < 65536
        and type(shape.local_ip) in _ADDRESS
        and type(shape.groups) is type(shape.rcpt_to) is tuple
        and (size is None or (type(size) is int and size >= 0))
        and type(shape.user) in _TEXT
        and type(shape.cert) in _TEXT
        and type(shape.mail_from) in _TEXT
        and type(shape.header_from) in _TEXT
        and all(type(each) is str for each in shape.groups)
        and all(type(each) is str for each in shape.rcpt_to)
    )


_TEXT = (NoneType, str)
_ADDRESS = (NoneType, Address)
_CLIENT = (Address,)
_SHAPE_FIELDS = field_names(SessionShape)
_DEFAULTS = dict.fromkeys(field_names(Session)) | field_defaults(Session)


def behind_words(ip: Address, behind: Address) -> str:
    """Return whom a server sees that a client reaches through a balancer or NAT (S-9)."""
    return (
        f"the server sees {behind}, which stands for {ip} and for every other client behind it: "
        "all of them get this answer"
    )


def default_of(name: str) -> Any:  # noqa: ANN401  # each field has its own type
    """Return what a fact is when nothing is said of it; ``None`` for the client, who must be named.

    >>> default_of("port")
    25
    """
    return _DEFAULTS[name]


def shape_fields() -> tuple[str, ...]:
    """Return the names of the fields of a shape, in declaration order."""
    return _SHAPE_FIELDS


def parse_auth(text: str) -> AuthKind:
    """Return the kind named ``text`` in any case.

    Raises:
        InvalidInput: No such kind; the message lists them.
    """
    for kind in AuthKind:
        if kind.value == text.strip().casefold():
            return kind
    kinds = ", ".join(kind.value for kind in AuthKind)
    raise InvalidInput(f"unknown authentication `{text}` (expected {kinds})")


_AUTH = parse_auth, AuthKind


def parse_mailbox(text: str) -> str:
    """Return an SMTP address without the angle brackets; the null sender ``<>`` is ``""``.

    A relay tester's spelling without a domain (``example.net!someone``, ``"someone%example.net"``)
    is taken as it stands: it is in no accepted domain.

    Raises:
        InvalidInput: No ``@``, nothing before or after it, a space or control character, or more
            than 320 characters.

    >>> parse_mailbox("<app@contoso.com>")
    'app@contoso.com'
    """
    stripped = text.strip()
    inner = stripped[1:-1] if stripped[:1] == "<" and stripped[-1:] == ">" else stripped
    if stripped in ("", "<>"):
        return ""
    local, at, domain = inner.rpartition("@")
    quoted = local.startswith('"') and local.endswith('"') and len(local) > 1
    complete = bool(at and local and domain)
    odd = (
        not at
        and len(inner) > 2
        and ("!" in inner or "%" in inner or (inner[:1] == inner[-1:] == '"'))
    )
    bad = not (complete or odd) or (" " in inner and not quoted) or " " in domain
    if bad or not inner.isprintable() or "<" in inner or ">" in inner:
        raise InvalidInput(f"`{text}` is no SMTP address (expected `name@domain`)")
    if len(inner) > 320:
        raise InvalidInput(f"`{text[:40]}...` is no SMTP address (over 320 characters)")
    return inner


_UNITS = {"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}


def parse_size(text: str) -> int:
    """Return bytes of a size such as ``10MB``, ``64 KB``, ``10485760`` or Exchange's long form.

    Commas separate thousands and nothing else: ``1,5 MB`` is no size.

    Raises:
        InvalidInput: No size.

    >>> parse_size("36 MB (37,748,736 bytes)")
    37748736
    """
    wanted = text.strip().casefold()
    head, paren, tail = wanted.partition("(")
    if paren and tail.endswith("bytes)"):
        wanted = tail.removesuffix("bytes)").strip()
        head = wanted
    number = head.strip().rstrip("kmgtb ")
    unit = head.strip().removeprefix(number).strip()
    whole, dot, fraction = number.partition(".")
    first, *thousands = whole.split(",")
    # A comma elsewhere may be somebody's decimal sign, and dropping it would multiply the size.
    if thousands and (len(first) > 3 or not first or any(len(part) != 3 for part in thousands)):
        whole = ""
    whole = whole.replace(",", "")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and whole and len(digits) < 20) or (
        unit not in _UNITS or (dot and not fraction)
    ):
        raise InvalidInput(f"`{text}` is no size (expected bytes, or a number with KB, MB or GB)")
    return int(digits) * _UNITS[unit] // int(10 ** len(fraction))
