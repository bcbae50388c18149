"""Addresses and ranges for the oracle, by the standard library's `ipaddress`."""

import functools
import ipaddress


@functools.cache
def read_address(text):
    """Return the address; what stands after a `%` says nothing about it."""
    return ipaddress.ip_address(text.strip().split("%")[0])


def unmap(address):
    """Return the IPv4 address inside an IPv4-mapped one, any other address unchanged."""
    if address.version == 6 and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def show_address(address):
    """Return RFC 5952 text; Python versions differ about IPv4-mapped addresses, so say it here."""
    if address.version == 6 and address.ipv4_mapped is not None:
        return f"::ffff:{address.ipv4_mapped}"
    return str(address)


@functools.cache
def read_range(text):
    """Return first address, last address and canonical text of a range in any notation."""
    text = text.strip()
    if "/" in text:
        before, length = text.split("/")
        base = read_address(before)
        network = ipaddress.ip_network(f"{base}/{length}", strict=False)
        shown = f"{show_address(base)}/{int(length)}"
        return {"low": network[0], "high": network[-1], "text": shown}
    if "(" in text:
        before, mask_text = text.removesuffix(")").split("(")
        base, mask = read_address(before), read_address(mask_text)
        everything = 2**base.max_prefixlen - 1
        low = int(base) & int(mask)
        high = low | (everything - int(mask))
        shown = f"{show_address(base)}({show_address(mask)})"
        return {"low": type(base)(low), "high": type(base)(high), "text": shown}
    if "-" in text:
        first, last = text.split("-")
        low, high = read_address(first), read_address(last)
        return {"low": low, "high": high, "text": f"{show_address(low)}-{show_address(high)}"}
    only = read_address(text)
    return {"low": only, "high": only, "text": show_address(only)}


def size_of(a_range):
    return int(a_range["high"]) - int(a_range["low"]) + 1


def holds(a_range, address):
    """Tell whether the address lies in the range, both ends included, never across families."""
    if a_range["low"].version != address.version:
        return False
    return int(a_range["low"]) <= int(address) <= int(a_range["high"])


@functools.cache
def read_binding(text):
    """Return the local address and the port."""
    before, port = text.rsplit(":", 1)
    return read_address(before.strip("[]")), int(port)


def show_binding(address, port):
    shown = show_address(address)
    return f"[{shown}]:{port}" if address.version == 6 else f"{shown}:{port}"
