"""What the register knows of an organisation, for a proposal to begin with; nothing that is not public."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.accounts.models import Organisation
from procurement.domain.forms.proposal_forms import Form, ValueRefused, read_value
from registry.enums import ContactKind, ServiceStanding, Standing
from registry.models import Contact, RegisterEntry, Service


def prefilled(form: Form, organisation: Organisation) -> dict[str, Any]:
    """Return the content that a proposal of the organisation begins with; a value that does not fit is left out."""
    known = _known(organisation)
    content: dict[str, Any] = {}
    for field in form.fields():
        text = known.get(str(field.spec.get("prefill", "")), "")
        try:
            value = read_value(field, text)
        except ValueRefused:
            continue
        if value is not None:
            content[field.path] = value
    return content


def _known(organisation: Organisation) -> dict[str, str]:
    known = {"organisation_name": organisation.name, "organisation_code": organisation.code or ""}
    entry = RegisterEntry.objects.filter(organisation=organisation, standing__in=Standing.active).first()
    if entry is None:
        return known
    contacts = list(Contact.objects.filter(entry=entry, private=False))
    services = Service.objects.filter(entry=entry, standing=ServiceStanding.INCLUDED).select_related("service_type")
    return {
        **known,
        "register_number": entry.number,
        "services": "\n".join(dict.fromkeys(service.service_type.name for service in services)),
        "phones": _joined(contacts, ContactKind.PHONE),
        "emails": _joined(contacts, ContactKind.EMAIL),
        "websites": _joined(contacts, ContactKind.WEBSITE),
        "head": _joined(contacts, ContactKind.HEAD),
    }


def _joined(contacts: Iterable[Contact], kind: str) -> str:
    return ", ".join(contact.value for contact in contacts if contact.kind == kind)
