"""Chapter 3: the rights."""

from tests.oracle import tables


def rights_on(organization, connector, principals):
    """Return, for every right, (granted, because, principal, source, inherited)."""
    entries = entries_of(organization, connector)
    shown = shown_groups(organization, entries)
    rights = {}
    for right in tables.rights_of_version(organization["exchange"]):
        rights[right] = one_right(organization, entries, shown, principals, right)
    return rights


def entries_of(organization, connector):
    """Return every entry as (folded principal, right, deny, inherited), groups written out."""
    domain = organization["domain"]
    entries = set()
    for group in connector["permission_groups"]:
        rows = tables.group_entries(group, organization["exchange"], organization["role"], domain)
        for principal, right, deny in rows:
            entries.add((principal.casefold(), right, deny, False))
    for ace in connector["acl"] + organization["inherited_aces"]:
        principal = tables.read_principal(ace["principal"], domain)
        right = tables.read_right(ace["right"])
        entries.add((principal.casefold(), right, ace["deny"], ace["inherited"]))
    return entries


def shown_groups(organization, entries):
    """Return the groups whose principals explicitly hold all of their rights."""
    shown = []
    for group in tables.GROUPS:
        if group == "ExchangeLegacyServers" and organization["role"] == "edge":
            continue
        complete = True
        for principal, right, deny in rows_of(organization, group):
            if deny:
                continue
            wanted = [right, tables.ALL_EXTENDED, tables.FULL_CONTROL]
            holder = principal.casefold()
            found = any((holder, carried, False, False) in entries for carried in wanted)
            complete = complete and found
        if complete:
            shown.append(group)
    return shown


def rows_of(organization, group):
    return tables.group_entries(
        group, organization["exchange"], organization["role"], organization["domain"]
    )


def one_right(organization, entries, shown, principals, right):
    for inherited, deny in [(False, True), (False, False), (True, True), (True, False)]:
        # The session's first principal is named first, the exact right before the wide ones.
        for principal in principals:
            for carrying in [right, tables.ALL_EXTENDED, tables.FULL_CONTROL]:
                entry = (principal.casefold(), carrying, deny, inherited)
                if entry in entries:
                    source = source_of(organization, shown, entry)
                    because = "deny-entry" if deny else "allow-entry"
                    return (not deny, because, entry[0], source, inherited)
    return (False, "no-allow-entry", None, None, None)


def source_of(organization, shown, entry):
    principal, right, deny, inherited = entry
    if inherited:
        return "inherited ACE"
    for group in shown:
        for row in rows_of(organization, group):
            if row[0].casefold() == principal and row[1:] == (right, deny):
                return group
    return "connector ACE"
