"""The scenario that ``relaysim new`` writes."""

__all__ = ["STARTER"]

STARTER = """\
#:schema ./relaysim-scenario.schema.json
# A scenario: steps in order on one server. Run it with `relaysim test THIS_FILE`.
format = 1
title  = "What the application server may do"

# The server to begin with: a built-in configuration (builtin:default, builtin:option-1,
# builtin:option-2, builtin:both) or the path of a server file, relative to this file.
server = "builtin:default"

# A `check` asks, `expect` says what the answer must be.
[[step]]
name   = "before the change the application server may not even submit"
check  = { ip = "192.168.2.55", auth = "none", to = "someone@example.net" }
expect = { connector = "Default EX01", submit = false, refused_at = "MAIL FROM" }

# A `set` changes the server: here it adds a connector for two web servers. `add_ace` adds the
# one right that lets anonymous clients relay there.
[[step]]
name = "the relay connector is added"

[[step.set.connector]]
name              = "CRM Application"
bindings          = ["0.0.0.0:25"]
remote_ip_ranges  = ["192.168.2.55", "192.168.2.56"]
auth_mechanism    = ["Tls"]
permission_groups = ["AnonymousUsers"]

[[step.set.add_ace]]
connector = "CRM Application"
user      = 'NT AUTHORITY\\ANONYMOUS LOGON'
rights    = ["ms-Exch-SMTP-Accept-Any-Recipient"]

[[step]]
name   = "the two web servers relay and get nothing else"
check  = { ip = ["192.168.2.55", "192.168.2.56"], auth = "none" }
expect = { relay = true, bypass_anti_spam = false, resolve_p2 = false }

# `any` is every IPv4 and IPv6 address; the expectation must hold for each of them.
[[step]]
name   = "nobody else relays without authentication"
check  = { ip = "any", except = ["192.168.2.55", "192.168.2.56"], auth = "none" }
expect = { relay = false }
"""
"""A commented scenario that passes."""
