"""What an audit needs beside the organization: a fresh server, what Exchange refuses, a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relaysim.analysis.findings.space import AuditContext
from relaysim.errors import RelaysimError

if TYPE_CHECKING:
    from relaysim.model.connector import ReceiveConnector
    from relaysim.model.organization import Organization
    from relaysim.policy.policy import Policy

__all__ = ["context_of"]


def context_of(policy: Policy) -> AuditContext:
    """Return what findings need to know beside the organization."""
    from relaysim.builtin.fresh import fresh_like
    from relaysim.management_shell.cmdlets.validation import check_alone
    from relaysim.management_shell.state import Refused

    def fresh(organization: Organization) -> Organization | None:
        return None if organization.only.exchange is None else fresh_like(organization)

    def refusal(organization: Organization, connector: ReceiveConnector) -> str | None:
        if organization.only.exchange is None:
            return None
        try:
            check_alone(connector, organization)
        except Refused as error:
            return error.message
        except RelaysimError as error:
            return str(error)
        return None

    return AuditContext(fresh, refusal, policy.profile)
