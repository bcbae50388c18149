"""Certificates of clients whose mail a connector takes for the organization's own (P-5)."""

from relaysim.model.connector import ReceiveConnector
from relaysim.model.organization import Organization, ascii_domain
from relaysim.model.session import Session

__all__ = ["CLOUD_MAIL", "trusted_certificate", "trusted_domains"]

CLOUD_MAIL = "TlsDomainCapabilities"
"""The property that lists them."""
_CAPABILITY = "acceptcloudservicesmail"


def trusted_certificate(
    organization: Organization, connector: ReceiveConnector, session: Session
) -> bool | None:
    """Tell whether a client shows a certificate that makes its mail internal.

    Returns:
        ``None`` when the connector would take such a certificate and the question does not say
        which one the client shows. Nobody has one where the organization is said to be connected
        with no cloud.

    Source: CSSE19 (the form), NEWRC.
    """
    if not session.tls or session.cert == "" or not connector.unmodelled:
        return False
    domains = trusted_domains(connector)
    if not domains:
        return False
    if session.cert is None:
        return False if organization.network.hybrid is False else None
    name = ascii_domain(session.cert.strip().casefold().removeprefix("cn="))
    return any(_covers(domain, name) for domain in domains)


def trusted_domains(connector: ReceiveConnector) -> tuple[str, ...]:
    """Return the domains whose certificates make mail internal, as the connector lists them."""
    texts = [
        text for name, text in connector.unmodelled if name.casefold() == CLOUD_MAIL.casefold()
    ]
    if not texts:
        return ()
    # Few connectors have any: nobody else pays for loading what reads the list.
    from relaysim.model.properties.lists import TextListKind

    found = []
    for entry in TextListKind().parse(texts[0]):
        domain, _, capabilities = entry.partition(":")
        if _CAPABILITY in (each.strip().casefold() for each in capabilities.split(",")):
            found.append(domain.strip())
    return tuple(found)


def _covers(domain: str, name: str) -> bool:
    """Tell whether a listed domain, perhaps with a wildcard, is that of a certificate's name."""
    wanted = domain.casefold()
    if wanted.startswith("*."):
        return name == wanted or name.endswith("." + ascii_domain(wanted[2:]))
    return name == ascii_domain(wanted)
