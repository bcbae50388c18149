"""relaysim: who may relay through an Exchange receive connector, and why.

>>> from relaysim import Session, evaluate, load
>>> decision = evaluate(load("builtin:option-2"), Session(ip="192.168.2.55"))
>>> decision.connector.name, decision.answers.relay.answer
('CRM Application', True)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relaysim.analysis.everybody import map_addresses as map  # noqa: A004
    from relaysim.analysis.everybody import who_can
    from relaysim.config.source import load
    from relaysim.engine.compiled.organization import Compiled
    from relaysim.engine.decide import evaluate
    from relaysim.errors import InvalidInput, RelaysimError
    from relaysim.model.decision import Decision
    from relaysim.model.organization import Organization
    from relaysim.model.session import AuthKind, Session
    from relaysim.net.address import parse_address
    from relaysim.scenario.running import run_scenarios
    from relaysim.serving.background import serve

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
    "map",
    "parse_address",
    "run_scenarios",
    "serve",
    "who_can",
]

__version__ = "0.1.0"

# What is imported when it is first asked for: the pytest plugin imports the package in every test
# run of its environment, and must cost nothing where there is no scenario.
_HOMES = {
    "AuthKind": "relaysim.model.session",
    "Decision": "relaysim.model.decision",
    "InvalidInput": "relaysim.errors",
    "Organization": "relaysim.model.organization",
    "RelaysimError": "relaysim.errors",
    "Session": "relaysim.model.session",
    "evaluate": "relaysim.engine.decide",
    "load": "relaysim.config.source",
    "map": "relaysim.analysis.everybody:map_addresses",
    "parse_address": "relaysim.net.address",
    "run_scenarios": "relaysim.scenario.running",
    "serve": "relaysim.serving.background",
    "who_can": "relaysim.analysis.everybody",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, _, inside = home.partition(":")
    value: object = getattr(import_module(module), inside or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def compile(organization: "Organization") -> "Compiled":  # noqa: A001  # the word the field uses
    """Return an organization prepared for many questions; cheap, the work is done when asked.

    >>> compiled = compile(load("builtin:option-1"))
    >>> compiled.decide("192.168.2.55", rcpt_to=["someone@example.net"]).refusal is None
    True
    """
    from relaysim.engine.compiled.organization import Compiled

    return Compiled(organization)
