"""The challenge of NTLM: a genuine message, always the same for one server.

Nothing here checks a password; the challenge is answered so that real clients go on to their last
token, and the log of such a session looks as one of a real server does.
"""

import struct
from base64 import b64encode

from relaysim.model.organization import Organization

__all__ = ["challenge_for"]

_FLAGS = 0x00000001 | 0x00000200 | 0x00010000 | 0x00800000  # Unicode, NTLM, domain, target info
_CHALLENGE = b"relaysim"
_COMPUTER, _DOMAIN, _END = 1, 2, 0


def challenge_for(organization: Organization) -> str:
    """Return the challenge message (type 2) of a server, in base64.

    Source: MSNLMP.

    >>> from relaysim.model.organization import one_server
    >>> challenge_for(one_server())[:16]
    'TlRMTVNTUAACAAAA'
    """
    domain = organization.domain.encode("utf-16-le")
    computer = organization.server.encode("utf-16-le")
    info = b"".join(
        struct.pack("<HH", kind, len(value)) + value
        for kind, value in ((_DOMAIN, domain), (_COMPUTER, computer), (_END, b""))
    )
    name_at = 48
    info_at = name_at + len(domain)
    message = (
        b"NTLMSSP\0"
        + struct.pack("<I", 2)
        + struct.pack("<HHI", len(domain), len(domain), name_at)
        + struct.pack("<I", _FLAGS)
        + _CHALLENGE
        + bytes(8)
        + struct.pack("<HHI", len(info), len(info), info_at)
        + domain
        + info
    )
    return b64encode(message).decode("ascii")
