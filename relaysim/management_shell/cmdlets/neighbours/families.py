"""What the neighbours are: their words, what setup leaves behind, what they show first."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from relaysim.lean import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAMILIES", "Counted", "Family", "family_of"]


class Counted(Enum):
    """How many objects of a family there are."""

    NAMED = "named"
    """Objects with names, which are all known: those that setup makes and a script adds."""
    OPEN = "open"
    """Objects with names that a configuration does not list."""
    SINGLE = "single"
    """One in the organization."""
    SERVER = "server"
    """One on each server."""
    NONE = "none"
    """Nothing that is kept."""


@frozen
class Family:
    """The objects of one noun.

    Attributes:
        words: What one is called in messages.
        reach: How many there are.
        columns: What a table shows; a list shows everything.
        as_list: Whether one is shown as a list.
        begin: The objects that setup makes, with what they begin with.
        fresh: What a new one begins with.
    """

    words: str
    reach: Counted = Counted.NAMED
    columns: tuple[str, ...] = ("Name",)
    as_list: bool = False
    begin: Mapping[str, Mapping[str, object]] | None = None
    fresh: Mapping[str, object] | None = None


_SEND = {
    "AddressSpaces": (), "Enabled": True, "DNSRoutingEnabled": True, "Port": "25",
    "ProtocolLoggingLevel": "None", "RequireTLS": False, "SmartHosts": (),
    "SmartHostAuthMechanism": "None", "UseExternalDNSServersEnabled": False, "ForceHELO": False,
    "DomainSecureEnabled": False, "IgnoreSTARTTLS": False, "IsScopedConnector": False,
    "ConnectionInactivityTimeOut": "00:10:00", "SourceTransportServers": (), "Fqdn": "",
    "Comment": "", "TlsDomain": "", "TlsAuthLevel": "", "FrontendProxyEnabled": False,
    "SmtpMaxMessagesPerConnection": "20", "HomeMTA": "",
}  # fmt: skip
_RULE = {"State": "Enabled", "Mode": "Enforce", "Priority": "0", "Comments": ""}
_AGENTS = (
    "Transport Rule Agent",
    "Text Messaging Routing Agent",
    "Text Messaging Delivery Agent",
)
_REMOTE = {
    "DomainName": "*", "AllowedOOFType": "External", "AutoReplyEnabled": False,
    "AutoForwardEnabled": False, "DeliveryReportEnabled": True, "NDREnabled": True,
}  # fmt: skip
_OPEN = ("Name", "RecipientType")

FAMILIES: dict[str, Family] = {
    "sendconnector": Family(
        words="send connector", columns=("Identity", "AddressSpaces", "Enabled"), fresh=_SEND
    ),
    "foreignconnector": Family(words="foreign connector", columns=("Identity", "AddressSpaces")),
    "deliveryagentconnector": Family(words="delivery agent connector"),
    "routinggroupconnector": Family(words="routing group connector"),
    "transportserver": Family(words="transport service", reach=Counted.SERVER),
    "transportservice": Family(words="transport service", reach=Counted.SERVER),
    "frontendtransportservice": Family(words="front end transport service", reach=Counted.SERVER),
    "mailboxtransportservice": Family(words="mailbox transport service", reach=Counted.SERVER),
    "mailboxserver": Family(words="mailbox server", reach=Counted.SERVER),
    "clientaccessserver": Family(words="client access service", reach=Counted.SERVER),
    "clientaccessservice": Family(words="client access service", reach=Counted.SERVER),
    "popsettings": Family(words="POP settings", reach=Counted.SERVER),
    "imapsettings": Family(words="IMAP settings", reach=Counted.SERVER),
    "malwarefilteringserver": Family(words="malware filtering", reach=Counted.SERVER),
    "organizationconfig": Family(
        words="organization", reach=Counted.SINGLE, as_list=True,
        begin={"First Organization": {}},
    ),
    "adsite": Family(
        words="AD site", columns=("Name", "HubSiteEnabled"),
        begin={"Default-First-Site-Name": {"HubSiteEnabled": False}},
    ),
    "adsitelink": Family(
        words="AD site link", columns=("Name", "Cost", "ExchangeCost"),
        begin={"DEFAULTIPSITELINK": {"Cost": "100", "ExchangeCost": ""}},
    ),
    "transportagent": Family(
        words="transport agent", columns=("Identity", "Enabled", "Priority"),
        begin={name: {"Enabled": True, "Priority": str(place)}
               for place, name in enumerate(_AGENTS, 1)},
        fresh={"Enabled": False, "Priority": ""},
    ),
    "journalrule": Family(
        words="journal rule", as_list=True, fresh={"Enabled": True, "Scope": "Global"}
    ),
    "transportrule": Family(
        words="transport rule", columns=("Name", "State", "Mode", "Priority", "Comments"),
        fresh=_RULE,
    ),
    "remotedomain": Family(
        words="remote domain", columns=("Name", "DomainName", "AllowedOOFType"),
        begin={"Default": _REMOTE}, fresh=_REMOTE,
    ),
    "emailaddresspolicy": Family(
        words="e-mail address policy", columns=("Name", "Priority", "RecipientFilter"),
        begin={"Default Policy": {"Priority": "Lowest", "RecipientFilter": "Alias -ne $null"}},
    ),
    "edgesubscription": Family(words="edge subscription"),
    "addressrewriteentry": Family(words="address rewrite entry"),
    "addresslist": Family(words="address list"),
    "systemmessage": Family(words="system message"),
    "clientaccessarray": Family(words="client access array"),
    "mailboxdatabase": Family(words="mailbox database", reach=Counted.OPEN),
    "databaseavailabilitygroup": Family(words="database availability group"),
    "edgesyncserviceconfig": Family(words="EdgeSync service configuration"),
    "senderfilterconfig": Family(words="sender filter", reach=Counted.SINGLE, as_list=True),
    "recipientfilterconfig": Family(words="recipient filter", reach=Counted.SINGLE, as_list=True),
    "contentfilterconfig": Family(words="content filter", reach=Counted.SINGLE, as_list=True),
    "senderidconfig": Family(words="Sender ID", reach=Counted.SINGLE, as_list=True),
    "senderreputationconfig": Family(
        words="sender reputation", reach=Counted.SINGLE, as_list=True
    ),
    "ipallowlistconfig": Family(words="IP allow list", reach=Counted.SINGLE, as_list=True),
    "ipblocklistconfig": Family(words="IP block list", reach=Counted.SINGLE, as_list=True),
    "ipallowlistprovidersconfig": Family(
        words="IP allow list providers", reach=Counted.SINGLE, as_list=True
    ),
    "ipblocklistprovidersconfig": Family(
        words="IP block list providers", reach=Counted.SINGLE, as_list=True
    ),
    "contentfilterphrase": Family(words="content filter phrase"),
    "ipallowlistentry": Family(words="IP allow list entry", columns=("Identity", "IPRange")),
    "ipblocklistentry": Family(words="IP block list entry", columns=("Identity", "IPRange")),
    "ipallowlistprovider": Family(words="IP allow list provider"),
    "ipblocklistprovider": Family(words="IP block list provider"),
    "mailbox": Family(words="mailbox", reach=Counted.OPEN),
    "casmailbox": Family(words="mailbox", reach=Counted.OPEN),
    "recipient": Family(words="recipient", reach=Counted.OPEN, columns=_OPEN),
    "user": Family(words="user", reach=Counted.OPEN, columns=_OPEN),
    "group": Family(words="group", reach=Counted.OPEN),
    "mailuser": Family(words="mail user", reach=Counted.OPEN),
    "mailcontact": Family(words="mail contact", reach=Counted.OPEN),
    "contact": Family(words="contact", reach=Counted.OPEN),
    "distributiongroup": Family(words="distribution group", reach=Counted.OPEN),
    "dynamicdistributiongroup": Family(words="dynamic distribution group", reach=Counted.OPEN),
    "mailpublicfolder": Family(words="mail public folder", reach=Counted.OPEN),
}  # fmt: skip
"""The families whose objects are kept, by their nouns in lower case."""

_NOTHING = Family(words="", reach=Counted.NONE)


def family_of(noun: str) -> Family:
    """Return the family of a noun; one that keeps nothing for a noun that is no object here."""
    return FAMILIES.get(noun.lower(), _NOTHING)
