"""Logs for the tests: sessions as a server writes them, row by row."""

from __future__ import annotations

__all__ = ["HEAD", "SERVER", "log_of", "session_rows"]

HEAD = (
    "#Software: Microsoft Exchange Server\n"
    "#Version: 15.0.0.0\n"
    "#Log-type: SMTP Receive Protocol Log\n"
    "#Date: 2025-03-01T00:00:01.000Z\n"
    "#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,"
    "remote-endpoint,event,data,context\n"
)

SERVER = r"""
format = 1

[organization]
exchange = "2016"
server = "MX1"
domain = "FABRIKAM"
accepted_domains = ["fabrikam.com"]

[[connector]]
name = "Default Frontend MX1"
transport_role = "FrontendTransport"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["0.0.0.0-255.255.255.255"]
auth_mechanism = "Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer"
permission_groups = "AnonymousUsers, ExchangeServers"

[[connector]]
name = "Client Frontend MX1"
transport_role = "FrontendTransport"
bindings = ["0.0.0.0:587"]
remote_ip_ranges = ["0.0.0.0-255.255.255.255"]
auth_mechanism = "Tls, Integrated, BasicAuth, BasicAuthRequireTLS"
permission_groups = "ExchangeUsers"

[[connector]]
name = "Client Proxy MX1"
bindings = ["0.0.0.0:465"]
transport_role = "HubTransport"
remote_ip_ranges = ["0.0.0.0-255.255.255.255"]
auth_mechanism = "Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer"
permission_groups = "ExchangeUsers, ExchangeServers"

[[connector]]
name = "Default MX1"
bindings = ["0.0.0.0:2525"]
transport_role = "HubTransport"
remote_ip_ranges = ["0.0.0.0-255.255.255.255"]
auth_mechanism = "Tls, Integrated, BasicAuth, ExchangeServer"
permission_groups = "ExchangeUsers, ExchangeServers"

[[connector]]
name = "Printers"
transport_role = "FrontendTransport"
bindings = ["0.0.0.0:25"]
remote_ip_ranges = ["172.16.4.0/24"]
auth_mechanism = "Tls"
permission_groups = "AnonymousUsers"

[[connector.ace]]
user = 'NT AUTHORITY\ANONYMOUS LOGON'
rights = ["ms-Exch-SMTP-Accept-Any-Recipient"]

[[account]]
name = 'FABRIKAM\app'
addresses = ["app@fabrikam.com"]
"""

RELAYED = (
    ("<", "MAIL FROM:<scan@fabrikam.com> SIZE=512", ""),
    (">", "250 2.1.0 Sender OK", ""),
    ("<", "RCPT TO:<joe@example.org>", ""),
    (">", "250 2.1.5 Recipient OK", ""),
    ("<", "DATA", ""),
    (">", "354 Start mail input; end with <CRLF>.<CRLF>", ""),
    (">", "250 2.6.0 <x@y> [InternalId=7, Hostname=MX1] Queued mail for delivery", ""),
)
REFUSED = (
    ("<", "MAIL FROM:<scan@fabrikam.com>", ""),
    (">", "250 2.1.0 Sender OK", ""),
    ("<", "RCPT TO:<joe@example.org>", ""),
    (">", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", ""),
)


def session_rows(
    number,
    dialogue,
    *,
    connector="MX1\\Printers",
    client="172.16.4.9:50000",
    local="172.16.0.1:25",
    minute=0,
):
    """Return the rows of one session: connect, banner, EHLO, ``dialogue``, QUIT, disconnect."""
    told = [
        ("+", "", ""),
        (">", '"220 MX1 Microsoft ESMTP MAIL Service ready at Sat, 1 Mar 2025 08:00:00 +0000"', ""),
        ("<", "EHLO device", ""),
        (">", "250  MX1 Hello [172.16.4.9] SIZE 37748736 PIPELINING STARTTLS", ""),
        *dialogue,
        ("<", "QUIT", ""),
        (">", "221 2.0.0 Service closing transmission channel", ""),
        ("-", "", "Local"),
    ]
    return [
        f"2025-03-01T08:{minute:02}:00.{place:03}Z,{connector},{number:016X},{place},{local},"
        f"{client},{event},{data},{context}\n"
        for place, (event, data, context) in enumerate(told)
    ]


def log_of(*sessions):
    """Return the text of a log with these sessions, one after the other."""
    return HEAD + "".join(row for rows in sessions for row in rows)
