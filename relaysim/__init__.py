"""relaysim: who may relay through an Exchange receive connector, and why.

>>> from relaysim import Session, evaluate, load, parse_address
>>> decision = evaluate(load("builtin:option-2"), Session(ip=parse_address("192.168.2.55")))
>>> decision.connector.name, decision.answers.relay.answer
('CRM Application', True)
"""

from typing import TYPE_CHECKING

from relaysim.config.source import load
from relaysim.engine.evaluate import evaluate
from relaysim.errors import InvalidInput, RelaysimError
from relaysim.model.decision import Decision
from relaysim.model.organization import Organization
from relaysim.model.session import AuthKind, Session
from relaysim.net.address import parse_address

if TYPE_CHECKING:
    from relaysim.engine.index import Compiled

__all__ = [
    "AuthKind",
    "Decision",
    "InvalidInput",
    "Organization",
    "RelaysimError",
    "Session",
    "__version__",
    "compile",
    "evaluate",
    "load",
    "parse_address",
]

__version__ = "0.1.0"


def compile(organization: Organization) -> "Compiled":  # noqa: A001  # the word the field uses
    """Return an organization prepared for many questions; cheap, the work is done when asked.

    >>> compiled = compile(load("builtin:option-1"))
    >>> compiled.decide("192.168.2.55", rcpt_to=["someone@example.net"]).refusal is None
    True
    """
    from relaysim.engine.index import Compiled

    return Compiled(organization)
