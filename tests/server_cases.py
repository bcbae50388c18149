"""Plain organizations of several servers to model values, and what the engine says of them."""

from dataclasses import replace

import relaysim
from relaysim.net.address import parse_address
from tests.cases import ace_of, differences, organization_of, said_by_engine
from tests.oracle.servers import alone, decide_among


def servers_of(plain):
    """Return the model value of a plain organization of several servers."""
    parts = [organization_of(alone(plain, server)) for server in plain["servers"]]
    servers = tuple(
        replace(part.only, addresses=tuple(map(parse_address, server["addresses"])))
        for part, server in zip(parts, plain["servers"], strict=True)
    )
    inherited = tuple(ace_of(ace, plain["domain"]) for ace in plain["inherited_aces"])
    return replace(parts[0], servers=servers, inherited_aces=inherited)


def disagreements(plain, session, asked):
    """Return the lines in which the oracle and the engine differ about several servers.

    Args:
        plain: The organization.
        session: The session.
        asked: The session as a model value.
    """
    model = servers_of(plain)
    expected, as_one = decide_among(plain, session)
    decision = relaysim.evaluate(model, asked)
    undecided = decision.undecided
    ambiguous = undecided is not None and undecided.rule == "S-8"
    if not as_one:
        named = [option.partition(": ")[0] for option in undecided.options] if undecided else []
        if not ambiguous or named != list(expected):
            return [f"oracle: {', '.join(expected)} differ, engine: {undecided}"]
        return []
    if ambiguous:
        return [f"oracle: one answer, engine: {undecided}"]
    if len(model.servers) > 1 and [each.server for each in decision.servers] != list(expected):
        return [f"oracle: {', '.join(expected)}, engine: {decision.servers}"]
    first, *others = expected.values()
    # What any of them assumes to decide so, the one answer assumes.
    assumed = set(first["assumptions"]).union(*(each["assumptions"] for each in others))
    return differences(first | {"assumptions": assumed}, said_by_engine(model, asked))
