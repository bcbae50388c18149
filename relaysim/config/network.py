"""The ``[network]`` table of a server file: what is known of the network around the servers."""

from typing import Any

from relaysim.config.tables import Problems, Table, read_toml
from relaysim.errors import InvalidInput
from relaysim.lean import replace
from relaysim.model.server import Network
from relaysim.net.address import Address, parse_address
from relaysim.net.notation import AddressRange, parse_range

__all__ = ["decode_network", "network_table", "read_network", "together"]

_KEYS = ("exchange_servers", "balancers", "gateways", "clients", "published", "hybrid")
_RANGES = ("exchange_servers", "balancers", "gateways", "clients")


def decode_network(root: Table) -> Network:
    """Return what the ``[network]`` table of a file says; a key that is missing stays ``None``."""
    table = root.table("network")
    if table is None:
        return Network()

    def ranges(key: str) -> tuple[AddressRange, ...] | None:
        found = table.parse_list(key, parse_range)
        return None if found is None else tuple(found)

    published = table.parse_list("published", _parse_published)
    network = Network(
        exchange_servers=ranges("exchange_servers"),
        balancers=ranges("balancers"),
        gateways=ranges("gateways"),
        clients=ranges("clients"),
        published=None if published is None else tuple(published),
        hybrid=table.get("hybrid", bool, False) if table.has("hybrid") else None,
    )
    table.finish()
    return network


def read_network(data: bytes, *, file: str) -> Network:
    """Return what a file of its own says of the network: one ``[network]`` table.

    Args:
        data: The file's bytes.
        file: Its name for error messages.

    Raises:
        InvalidInput: With every problem of the file, each with its line.
    """
    text, tables = read_toml(data, file=file)
    problems = Problems(file=file, text=text)
    root = Table(tables, problems)
    if root.get("format", int, 1) != 1:
        root.problem(f"unknown format `{root.data['format']}` (expected 1)", "format")
    if "network" not in root.data:
        root.problem("`[network]` is missing")
    network = decode_network(root)
    root.finish()
    problems.raise_if_any(InvalidInput)
    return network


def together(first: Network, second: Network) -> Network:
    """Return what two say of one network; where both say something, the second counts."""
    said = {key: value for key in _KEYS if (value := getattr(second, key)) is not None}
    return replace(first, **said)


def _parse_published(text: str) -> tuple[str | Address, int]:
    """Return a server's name or an address, and a port, of ``EX01:25`` or ``[2001:db8::1]:25``."""
    host, colon, port = text.strip().rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    if not colon or not host or not 1 <= number <= 65535:
        raise InvalidInput(f"`{text}` is no `SERVER:PORT` and no `ADDRESS:PORT`")
    if host.startswith("[") and host.endswith("]"):
        return parse_address(host[1:-1]), number
    if host.replace(".", "").isdigit():
        return parse_address(host), number
    if ":" in host or not host.isprintable() or " " in host:
        raise InvalidInput(f"`{host}` is no server and no address (IPv6 stands in brackets)")
    return host, number


def network_table(network: Network) -> dict[str, Any]:
    """Return the ``[network]`` table, empty when nothing was said."""
    table: dict[str, Any] = {}
    for key in _RANGES:
        ranges = getattr(network, key)
        if ranges is not None:
            table[key] = [str(entry) for entry in ranges]
    if network.published is not None:
        table["published"] = [f"{_host(host)}:{port}" for host, port in network.published]
    if network.hybrid is not None:
        table["hybrid"] = network.hybrid
    return table


def _host(host: str | Address) -> str:
    if isinstance(host, str):
        return host
    text = str(host)
    return f"[{text}]" if host.family == 6 else text
