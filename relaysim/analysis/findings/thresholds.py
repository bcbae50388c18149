"""Thresholds of findings: a profile says what is too much, which no configuration does."""

from typing import NamedTuple

from relaysim.model.connector import MEGABYTE

__all__ = ["DEFAULT_PROFILE", "Profile"]


class Profile(NamedTuple):
    """What is taken for too much, or too little.

    Attributes:
        hosts: More addresses than this in a range are a network.
        network: More addresses than this are a large network.
        tarpit: The least seconds before an error is answered.
        timeout: The most seconds that a connection may last.
        hops: The most hops of a message.
        recipients: The most recipients of a message.
        connections: The most connections at once.
        size: The largest message, in bytes.
    """

    hosts: int = 1
    network: int = 256
    tarpit: int = 5
    timeout: int = 600
    hops: int = 60
    recipients: int = 5000
    connections: int = 5000
    size: int = 36 * MEGABYTE


DEFAULT_PROFILE = Profile()
"""The thresholds where nobody gave others."""
