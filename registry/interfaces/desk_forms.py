"""Forms by which a registrar changes an entry: each shows a part of the present record and says it anew.

A form never saves. It applies what was typed to the record that `change_entry` hands it, under the entry's lock.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import IntegrityError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import LegalForm, PersonType
from portal.accounts.models import Organisation
from portal.kernel.audit import PersonalDataRefused
from portal.kernel.workflow import StepRefused
from registry.domain.desk import (
    AlreadyIncludedError,
    OutsideTerritoryError,
    SamePartTwiceError,
    StaleEntryError,
)
from registry.domain.providers import UnknownHeadError
from registry.domain.records import ENTRY_FIELDS, ORGANISATION_FIELDS, ContactRecord, ProviderRecord
from registry.enums import ContactKind
from registry.interfaces.desk_fields import DayField, GroundField
from registry.models import Contact, RegisterEntry, Service, Site

TWICE = {
    "sites": gettext_lazy("The entry already has this address."),
    "contacts": gettext_lazy("The entry already has this contact."),
    "services": gettext_lazy("The entry already has this service under this name."),
}
REFUSALS = (
    AlreadyIncludedError,
    IntegrityError,
    OutsideTerritoryError,
    PersonalDataRefused,
    SamePartTwiceError,
    StepRefused,
    UnknownHeadError,
)


class GroundedForm(forms.Form):
    """What every act at the desk needs: its ground, and the version of the card it was decided on."""

    ground = GroundField()
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order: ClassVar[Any] = None
    # which field a refusal of the register is shown beside
    place_field = ""
    key_field = ""

    def tell_stale(self, error: StaleEntryError) -> None:
        """Keep everything typed, and let the next save be knowing."""
        self.data = self.data.copy()
        self.data["version"] = error.entry.version
        self.add_error(None, _("While you were editing, somebody else changed this entry. Nothing you typed is lost."))

    def refuse(self, error: Exception) -> None:
        """Show why the register did not take the change, beside the field it is about."""
        field: str | None = None
        if isinstance(error, StepRefused):
            reason = str(error.reason)
        elif isinstance(error, OutsideTerritoryError):
            field = self.place_field or None
            reason = _("This place is outside your territory. An administrator can hand the entry over.")
        elif isinstance(error, SamePartTwiceError):
            reason = str(TWICE[error.part])
        elif isinstance(error, AlreadyIncludedError):
            field = self.key_field or None
            reason = _("This organisation is already in the register: № %(number)s.") % {"number": error.entry.number}
        elif isinstance(error, UnknownHeadError):
            field, reason = "head_number", _("There is no entry with this number.")
        elif isinstance(error, PersonalDataRefused):
            reason = _("There is a taxpayer number among the values, and the decision log is public. Take it out.")
        else:
            reason = constraint_message(error)
        self.add_error(field if field in self.fields else None, reason)


class PartForm(GroundedForm, forms.ModelForm):
    """A form over one part of a record; `position` says which of several, or None for a new one."""

    # the part's fields that the record keeps under the same name
    record_fields: tuple[str, ...] = ()

    def __init__(
        self, data: Any = None, *, entry: RegisterEntry, record: ProviderRecord, position: int | None = None
    ) -> None:
        self.entry, self.record, self.position = entry, record, position
        self.conflicts: list[dict[str, str]] = []
        super().__init__(data, initial={"version": entry.version, **self.known()})
        self.move_to_end("ground")

    def move_to_end(self, name: str) -> None:
        self.fields[name] = self.fields.pop(name)

    def part(self) -> Any:
        """Return the part of the record that is edited, or None for a new one."""
        raise NotImplementedError

    def known(self) -> dict[str, Any]:
        part = self.part()
        return {} if part is None else {name: getattr(part, name) for name in self.record_fields}

    def apply(self, record: ProviderRecord) -> None:
        """Write what was typed into the record."""
        raise NotImplementedError

    def tell_stale(self, error: StaleEntryError) -> None:
        """Show beside what was typed what the register says now."""
        for name in self.changed_data:
            if name not in {"ground", "version"}:
                bound = self[name]
                self.conflicts.append(
                    {
                        "label": str(bound.label),
                        "now": shown(bound.field, bound.initial),
                        "typed": shown(bound.field, bound.value()),
                    }
                )
        super().tell_stale(error)


class OrganisationForm(PartForm):
    """Who the provider is and what the card says of it as a whole."""

    record_fields = (*(name for name in ORGANISATION_FIELDS if name != "person_type"), *ENTRY_FIELDS[:-1])

    about = forms.CharField(
        label=gettext_lazy("About the provider"), required=False, widget=forms.Textarea({"rows": 4})
    )
    services_note = forms.CharField(
        label=gettext_lazy("Services, as the source names them"),
        help_text=gettext_lazy("Shown only while the services themselves are not entered."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    source = forms.CharField(label=gettext_lazy("Source of the data"), required=False, max_length=300)
    source_url = forms.URLField(
        label=gettext_lazy("Link to the source"), required=False, max_length=1000, assume_scheme="https"
    )
    source_on = DayField(label=gettext_lazy("Source dated"), required=False)

    class Meta:
        model = Organisation
        fields = ("name", "short_name", "legal_form", "ownership_form", "sector")
        widgets = {"name": forms.Textarea(attrs={"rows": 2})}

    def part(self) -> ProviderRecord:
        return self.record

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        person = self.record.person_type == PersonType.NATURAL_PERSON
        if "legal_form" in values and (values["legal_form"] in LegalForm.carers) != person:
            self.add_error("legal_form", _("Carers are natural persons, and only they."))
        return values

    def apply(self, record: ProviderRecord) -> None:
        for name in self.record_fields:
            setattr(record, name, self.cleaned_data[name])


class ContactForm(PartForm):
    record_fields = ("kind", "value", "note", "private")

    class Meta:
        model = Contact
        fields = ("kind", "value", "note", "private")
        help_texts = {
            "private": gettext_lazy("For officials only: a mobile phone of a person, for example."),
            "value": gettext_lazy("A phone as +380…, an address of a page with https://, the head's name in full."),
        }

    def part(self) -> ContactRecord | None:
        return None if self.position is None else (self.record.contacts or [])[self.position]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, value = values.get("kind"), values.get("value", "")
        if kind == ContactKind.EMAIL and value:
            self._check("value", forms.EmailField(), value)
        elif kind == ContactKind.WEBSITE and value:
            values["value"] = self._check("value", forms.URLField(assume_scheme="https"), value) or value
        elif kind == ContactKind.PHONE and value and sum(letter.isdigit() for letter in value) < 3:  # noqa: PLR2004
            self.add_error("value", _("A phone has digits."))
        return values

    def _check(self, name: str, field: forms.Field, value: str) -> Any:
        try:
            return field.clean(value)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return None

    def apply(self, record: ProviderRecord) -> None:
        told = ContactRecord(**{name: self.cleaned_data[name] for name in self.record_fields})
        put_at(record.contacts, self.position, told)


class RemovalForm(GroundedForm):
    """The question before a part is taken out of the card."""

    def __init__(self, data: Any = None, *, entry: RegisterEntry) -> None:
        super().__init__(data, initial={"version": entry.version})


def put_at(parts: list[Any] | None, position: int | None, told: Any) -> None:
    """Put a part where the old one stood, or at the end."""
    if parts is None:
        raise ValueError("a record of the desk knows all its parts")
    if position is None:
        parts.append(told)
    else:
        told.row_id = parts[position].row_id
        parts[position] = told


def shown(field: forms.Field, value: Any) -> str:
    """Write a form value as a person reads it."""
    value = field.prepare_value(value)
    choices = dict(getattr(field, "choices", []) or [])
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(choices.get(one, one)) for one in value if one not in (None, ""))
    named = {str(key): label for key, label in choices.items()}
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(named.get(str(value), "" if value is None else value))


def constraint_message(error: Exception) -> str:
    """Return the sentence of the database constraint that refused, found by its name."""
    for model in (Organisation, RegisterEntry, Site, Contact, Service):
        for constraint in model._meta.constraints:  # noqa: SLF001 Django's public, if underscored, API
            if constraint.name in str(error) and isinstance(constraint, models.CheckConstraint):
                return str(constraint.get_violation_error_message())
    return _("The database refused the change: the values contradict each other.")
