"""Chapter 2: who the client is."""

from tests.oracle import tables
from tests.oracle.saying import assume, refuse


def identify(organization, connector, session, said):
    """Fill in the principals, or the refusal; return anonymous, account, server or partner."""
    domain = organization["domain"]
    edge = organization["role"] == "edge"
    mechanisms = connector["auth_mechanism"]
    auth = session["auth"]

    if session["tls"] and "Tls" not in mechanisms:
        # The newer servers name the command; nobody saw what 2013 does.
        reply = "500 5.3.3 Unrecognized command"
        if organization["exchange"] not in ("2007", "2010"):
            reply = "500 5.3.3 Unrecognized command 'STARTTLS'"
        if organization["exchange"] == "2013":
            assume(said, "I-6a", "refusal")
        refuse(said, "STARTTLS", reply, because="starttls-not-offered", rule="I-6a")
        return None

    if "ExternalAuthoritative" in mechanisms:
        if auth in ("none", "partner"):
            said["principals"] = [tables.SECURED]
            return "server"
        if auth in ("user", "basic", "ntlm"):
            if organization["exchange"] in ("2007", "2010", "2013"):
                assume(said, "I-2", "refusal")
            refuse_auth(said, "auth-not-offered", "I-2")
            return None

    if auth in ("user", "basic", "ntlm"):
        basic = "BasicAuth" in mechanisms and auth in ("user", "basic")
        integrated = "Integrated" in mechanisms and auth in ("user", "ntlm")
        waits_for_tls = "BasicAuthRequireTLS" in mechanisms and not session["tls"]
        if not integrated and not basic:
            refuse_auth(said, "auth-not-offered", "I-3")
            return None
        if not integrated and waits_for_tls:
            refuse_auth(said, "auth-needs-tls", "I-3")
            return None
        names = []
        if session["user"] is not None:
            account = find_account(organization, session)
            if account is None:
                names.append(session["user"])
            else:
                names += [account["name"], *account["groups"]]
        names += session["groups"]
        names += [tables.AUTHENTICATED, tables.EVERYONE]
        for name in names:
            principal = tables.read_principal(name, domain)
            already = [p.casefold() for p in said["principals"]]
            # Whoever has logged on is not anonymous, whatever groups are listed for it.
            if principal.casefold() not in already and principal != tables.ANONYMOUS:
                said["principals"].append(principal)
        return "account"

    if auth in ("exchange", "edge", "legacy"):
        offered = "ExchangeServer" in mechanisms
        if auth == "legacy":
            offered = offered or "Integrated" in mechanisms
            rule = "I-5"
        else:
            rule = "I-4"
        if not offered:
            if auth == "legacy":
                assume(said, "I-5", "refusal")
            reply = "451 5.7.3 Cannot achieve Exchange Server authentication"
            refuse(said, "AUTH", reply, because="auth-not-offered", rule=rule)
            return None
        if auth == "exchange" and edge:
            said["principals"] = [tables.HUBS]
        elif auth == "exchange":
            said["principals"] = [f"{domain}\\Exchange Servers", tables.HUBS]
        elif auth == "edge":
            said["principals"] = [tables.EDGES]
        else:
            said["principals"] = [f"{domain}\\ExchangeLegacyInterop"]
        return "server"

    if auth == "partner" and session["tls"] and connector["domain_secure_enabled"]:
        said["principals"] = [tables.PARTNERS]
        return "partner"
    said["principals"] = [tables.ANONYMOUS]
    return "anonymous"


def refuse_auth(said, because, rule):
    reply = "504 5.7.4 Unrecognized authentication type"
    refuse(said, "AUTH", reply, because=because, rule=rule)


def find_account(organization, session):
    """Return the entry of the account: by its name, also without the domain, or by an address."""
    if session["user"] is None:
        return None
    user, domain = session["user"], organization["domain"]
    wanted = tables.read_principal(user, domain).casefold()
    for account in organization["accounts"]:
        name = tables.read_principal(account["name"], domain).casefold()
        if name == wanted or ("\\" not in wanted and name == f"{domain}\\{user}".casefold()):
            return account
    for account in organization["accounts"]:
        for address in account["addresses"]:
            if address.casefold() == user.casefold():
                return account
    found = []
    for account in organization["accounts"]:
        name = tables.read_principal(account["name"], domain)
        if name.casefold().split("\\")[-1] == user.casefold():
            found.append(account)
    return found[0] if len(found) == 1 else None
