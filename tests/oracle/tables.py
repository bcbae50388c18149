"""The oracle's own copy of what Exchange knows by name: rights, groups, principals, versions.

Written out from the permission tables that Microsoft publishes, not taken from the package.
"""

import functools

VERSIONS = ["2007", "2010", "2013", "2016", "2019", "SE"]

# The eleven rights of the first version, the reserved one, and what later versions added.
NINE = [
    "ms-Exch-SMTP-Submit",
    "ms-Exch-SMTP-Accept-Any-Recipient",
    "ms-Exch-SMTP-Accept-Any-Sender",
    "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
    "ms-Exch-SMTP-Accept-Authentication-Flag",
    "ms-Exch-Bypass-Anti-Spam",
    "ms-Exch-Bypass-Message-Size-Limit",
    "ms-Exch-SMTP-Accept-Exch50",
    "ms-Exch-Accept-Headers-Routing",
]
HEADERS = ["ms-Exch-Accept-Headers-Organization", "ms-Exch-Accept-Headers-Forest"]
RESERVED = ["ms-Exch-SMTP-Submit-For-MLS"]
SINCE_2010 = ["ms-Exch-SMTP-Accept-XShadow"]
SINCE_2013 = [
    "ms-Exch-SMTP-Accept-XProxyFrom",
    "ms-Exch-SMTP-Accept-XSessionParams",
    "ms-Exch-SMTP-Accept-XAttr",
    "ms-Exch-SMTP-Accept-XSysProbe",
    "ms-Exch-SMTP-Send-XMessageContext-ADRecipientCache",
    "ms-Exch-SMTP-Send-XMessageContext-ExtendedProperties",
    "ms-Exch-SMTP-Send-XMessageContext-FastIndex",
]
SEND_SIDE = [
    "Send-As",
    "ms-Exch-Send-Headers-Routing",
    "ms-Exch-Send-Headers-Organization",
    "ms-Exch-Send-Headers-Forest",
    "ms-Exch-SMTP-Send-Exch50",
    "ms-Exch-SMTP-Send-XShadow",
]
ALL_EXTENDED = "All-Extended-Rights"
FULL_CONTROL = "GenericAll"

RIGHT_ALIASES = {
    "ms-Exch-SMTP-Accept-Authoritative-Domain": "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender",
    "ms-Exch-Accept-Exch50": "ms-Exch-SMTP-Accept-Exch50",
}

ANONYMOUS = "NT AUTHORITY\\ANONYMOUS LOGON"
AUTHENTICATED = "NT AUTHORITY\\Authenticated Users"
EVERYONE = "Everyone"
SYSTEM = "NT AUTHORITY\\SYSTEM"
PARTNERS = "MS Exchange\\Partner Servers"
HUBS = "MS Exchange\\Hub Transport Servers"
EDGES = "MS Exchange\\Edge Transport Servers"
SECURED = "MS Exchange\\Externally Secured Servers"
LEGACY_SENDERS = "MS Exchange\\Legacy Exchange Servers"

_EXCHANGE = "S-1-9-1419165041-1139599005-3936102811-1022490595"
PRINCIPAL_SPELLINGS = {
    ANONYMOUS: ["S-1-5-7", "NT-AUTORITÄT\\ANONYMOUS-ANMELDUNG"],
    AUTHENTICATED: ["S-1-5-11"],
    EVERYONE: ["S-1-1-0"],
    SYSTEM: ["S-1-5-18"],
    PARTNERS: [_EXCHANGE + "-10"],
    HUBS: [_EXCHANGE + "-21"],
    EDGES: [_EXCHANGE + "-22"],
    SECURED: [_EXCHANGE + "-23"],
    LEGACY_SENDERS: [_EXCHANGE + "-24"],
}
DOMAIN_GROUPS = [
    "Exchange Servers",
    "ExchangeLegacyInterop",
    "Organization Management",
    "Exchange Trusted Subsystem",
]

GROUPS = [
    "AnonymousUsers",
    "ExchangeUsers",
    "ExchangeServers",
    "ExchangeLegacyServers",
    "Partners",
]


@functools.cache
def rights_of_version(version):
    rights = NINE + HEADERS + RESERVED
    if version != "2007":
        rights = rights + SINCE_2010
    if version not in ("2007", "2010"):
        rights = rights + SINCE_2013
    return rights


@functools.cache
def read_right(text):
    """Return the full name of a right, found without case, an alias too."""
    known = rights_of_version("SE") + SEND_SIDE + [ALL_EXTENDED, FULL_CONTROL]
    for name in known:
        if name.casefold() == text.casefold():
            return name
    for alias, name in RIGHT_ALIASES.items():
        if alias.casefold() == text.casefold():
            return name
    raise KeyError(text)


@functools.cache
def read_principal(text, domain):
    """Return the one name of a principal: well-known ones have several spellings."""
    for name, spellings in PRINCIPAL_SPELLINGS.items():
        for spelling in [name, *spellings]:
            if spelling.casefold() == text.casefold():
                return name
    for group in DOMAIN_GROUPS:
        for spelling in [group, f"{domain}\\{group}", f"<Domain>\\{group}"]:
            if spelling.casefold() == text.casefold():
                return f"{domain}\\{group}"
    # A plain name is looked up in the organization's domain.
    if "\\" not in text and "@" not in text and not text.casefold().startswith("s-1-"):
        return f"{domain}\\{text}"
    return text


@functools.cache
def group_entries(group, version, role, domain):
    """Return the (principal, right, deny) rows that a permission group stands for."""
    rows = []
    if group == "AnonymousUsers":
        rows.append((ANONYMOUS, "ms-Exch-SMTP-Submit", False))
        rows.append((ANONYMOUS, "ms-Exch-SMTP-Accept-Any-Sender", False))
        rows.append((ANONYMOUS, "ms-Exch-SMTP-Accept-Authoritative-Domain-Sender", False))
        rows.append((ANONYMOUS, "ms-Exch-Accept-Headers-Routing", False))
    if group == "ExchangeUsers":
        rows.append((AUTHENTICATED, "ms-Exch-SMTP-Submit", False))
        rows.append((AUTHENTICATED, "ms-Exch-SMTP-Accept-Any-Recipient", False))
        rows.append((AUTHENTICATED, "ms-Exch-Bypass-Anti-Spam", False))
        rows.append((AUTHENTICATED, "ms-Exch-Accept-Headers-Routing", False))
    if group == "ExchangeServers":
        rows += [(SECURED, right, False) for right in NINE]
        servers = [HUBS, EDGES]
        if role != "edge":
            servers.append(f"{domain}\\Exchange Servers")
        for server in servers:
            for right in rights_of_version(version):
                if right not in RESERVED:
                    rows.append((server, right, False))
    if group == "ExchangeLegacyServers":
        legacy = f"{domain}\\ExchangeLegacyInterop"
        rows += [(legacy, right, False) for right in NINE]
        rows += [(legacy, right, True) for right in HEADERS]
    if group == "Partners":
        rows.append((PARTNERS, "ms-Exch-SMTP-Submit", False))
        rows.append((PARTNERS, "ms-Exch-Accept-Headers-Routing", False))
    return rows
