"""Certificates: the one that setup leaves, those that a script names, and what they are used for.

No rule looks into a certificate. What a script reads of one stands for it: the subject and the
issuer that setup's own certificate has.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from relaysim.management_shell.cmdlets.neighbours.kept import (
    converter,
    kept_names,
    kept_properties,
    kept_target,
    with_kept,
)
from relaysim.management_shell.cmdlets.settings import drop_settings
from relaysim.management_shell.state import ExchangeCmdlet, Refused, state_of
from relaysim.powershell.interpreter.contract import Bound, CmdletSpec, Parameter
from relaysim.powershell.values.conversion import to_list, to_text
from relaysim.powershell.values.kinds.text_encodings import byte_array
from relaysim.powershell.values.value import (
    DefaultView,
    ObjectType,
    ShellList,
    ShellObject,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relaysim.management_shell.cmdlets.neighbours.declared import DeclaredCommand
    from relaysim.powershell.interpreter.context import Context

__all__ = ["CertificateCommand"]

_WORDS = "certificate"
_CERTIFICATE = ObjectType(
    name="Microsoft.Exchange.Management.SystemConfigurationTasks.ExchangeCertificate",
    view=DefaultView(columns=("Thumbprint", "Services", "Subject")),
    text=lambda one: to_text(one.get("Thumbprint")),
)


def _thumbprint(text: str) -> str:
    """Return a thumbprint for a certificate that is only thought of, the same in every run."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


class CertificateCommand(ExchangeCmdlet):
    """A command about certificates.

    Args:
        command: Its declaration.
    """

    def __init__(self, command: DeclaredCommand) -> None:
        self._verb = command.verb.lower()
        self._spec = CmdletSpec(
            name=command.name,
            changes=self._verb != "get",
            directory=True,
            parameters=tuple(
                Parameter(
                    name=one.name,
                    switch=one.kind == "w",
                    position=one.place if one.name == "Thumbprint" else None,
                    mandatory=one.mandatory,
                    from_pipeline=one.name == "Thumbprint" and self._verb != "new",
                    from_property=one.name == "Thumbprint",
                    convert=converter(one.kind if one.kind != "w" else "t"),
                )
                for one in command.parameters
            ),
        )

    @property
    def spec(self) -> CmdletSpec:
        """What the command declares."""
        return self._spec

    def work(self, context: Context, bound: Bound) -> Iterable[Value]:
        """Show certificates, think of a new one, or keep what one is used for."""
        given = bound.get("Thumbprint", bound.get("Identity"))
        wanted = to_text(given).rpartition("\\")[2].replace(" ", "").upper()
        match self._verb:
            case "get":
                return self._shown(context, wanted)
            case "new" | "import":
                return self._made(context, bound)
            case "enable":
                self._keep(context, wanted, [("Services", to_text(bound.get("Services")))])
                return ()
            case "remove":
                state = state_of(context)
                rest = drop_settings(state.organization, kept_target(_WORDS, wanted))
                context.state = state._replace(organization=rest)
                return ()
            case _ if bound.flag("BinaryEncoded"):
                context.machine.remark(
                    f"{self._spec.name}: some bytes stand for the certificate, which is not known"
                )
                return [ShellObject((("FileData", byte_array(b"certificate")),))]
            case _:
                context.machine.remark(f"{self._spec.name} exports nothing here")
                return ()

    def _shown(self, context: Context, wanted: str) -> list[Value]:
        local = state_of(context).local
        own = _thumbprint(local.full_name)
        known = [own, *(one for one in kept_names(local, _WORDS) if one != own)]
        if not wanted:
            context.machine.remark(
                f"{self._spec.name}: the certificates of a server are not known here; its own, "
                "which setup makes, stands for them"
            )
            return [self._object(context, one) for one in known]
        if wanted not in known:
            context.machine.remark(
                f"{self._spec.name}: the certificate `{wanted}` is not known here; it is taken for "
                "there, with the subject and issuer of the server's own"
            )
        return [self._object(context, wanted)]

    def _object(self, context: Context, thumbprint: str) -> ShellObject:
        local = state_of(context).local
        name = local.server
        own = thumbprint == _thumbprint(local.full_name)
        found = ShellObject(
            (
                ("CertificateDomains", ShellList([name, local.full_name])),
                ("HasPrivateKey", True),
                ("IsSelfSigned", own),
                ("Issuer", f"CN={name}"),
                ("NotAfter", None),
                ("NotBefore", None),
                ("PublicKeySize", 2048),
                ("RootCAType", "None" if own else "Unknown"),
                ("SerialNumber", thumbprint[:32]),
                ("Services", "IIS, SMTP" if own else "None"),
                ("Status", "Valid"),
                ("Subject", f"CN={name}"),
                ("Thumbprint", thumbprint),
                ("FriendlyName", "Microsoft Exchange" if own else ""),
                ("Identity", f"{local.full_name}\\{thumbprint}"),
            ),
            type_=_CERTIFICATE,
        )
        target = kept_target(_WORDS, thumbprint)
        for key, value in kept_properties(local, "ExchangeCertificate", target):
            found.put(key, value)
        return found

    def _made(self, context: Context, bound: Bound) -> list[Value]:
        given = to_text(bound.get("SubjectName"))
        names = [to_text(one) for one in to_list(getattr(bound.get("DomainName"), "replace", None))]
        local = state_of(context).local
        subject = given or f"CN={(names or [local.server])[0]}"
        if bound.flag("GenerateRequest"):
            context.machine.remark(f"{self._spec.name}: a request is not made here")
            return []
        thumbprint = _thumbprint(f"{local.full_name} {subject}")
        if not context.should_process(subject):
            return []
        texts = [("Subject", subject), ("Issuer", subject)]
        texts += [("FriendlyName", to_text(bound.get("FriendlyName")))]
        if names:
            texts += [("CertificateDomains", ", ".join(names))]
        if "Services" in bound:
            texts += [("Services", to_text(bound.get("Services")))]
        self._keep(context, thumbprint, [pair for pair in texts if pair[1]])
        return [self._object(context, thumbprint)]

    def _keep(self, context: Context, thumbprint: str, texts: list[tuple[str, str]]) -> None:
        if not thumbprint:
            raise Refused("no certificate is named", "MissingMandatoryParameter")
        if not context.should_process(thumbprint):
            return
        state = state_of(context)
        organization, entries = with_kept(
            state.organization, kept_target(_WORDS, thumbprint), texts
        )
        context.state = state._replace(organization=organization).noting(*entries)
