"""The forms of an entry as a whole: bringing a provider in, and the lawful decisions about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from portal.accounts.models import Organisation
from portal.kernel.identifiers import clean_edrpou, clean_rnokpp
from registry.domain.records import ContactRecord, ProviderRecord, SiteRecord
from registry.enums import ContactKind, SiteKind
from registry.interfaces.desk_fields import DayField, GroundField, PlaceField
from registry.interfaces.desk_forms import GroundedForm, RemovalForm
from registry.interfaces.desk_site_forms import SiteForm, seat_of
from registry.models import RegisterEntry


class NewEntryForm(GroundedForm, forms.ModelForm):
    """Who the provider is and where it is seated; services and further addresses follow on the card."""

    place_field = "place"
    key_field = "code"
    field_order = (
        "person_type",
        "code",
        "rnokpp",
        "name",
        "short_name",
        "legal_form",
        "ownership_form",
        "sector",
        "head_number",
        "place",
        "postal_index",
        "street",
        "building",
        "room",
        "confidential",
        "phone",
        "email",
        "about",
        "included_on",
        "ground",
    )

    version = None  # nothing was read before
    code = forms.CharField(
        label=gettext_lazy("EDRPOU"), required=False, help_text=gettext_lazy("Eight digits, for a legal entity.")
    )
    rnokpp = forms.CharField(
        label=gettext_lazy("RNOKPP"),
        required=False,
        help_text=gettext_lazy("Ten digits, for a sole proprietor or a carer. It is kept and never shown again."),
    )
    head_number = forms.CharField(
        label=gettext_lazy("Register number of the head organisation"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("Only for a branch."),
    )
    place = PlaceField(label=gettext_lazy("Registered in"))
    postal_index = forms.CharField(label=gettext_lazy("Postal index"), required=False, max_length=5)
    street = forms.CharField(label=gettext_lazy("Street"), required=False, max_length=200)
    building = forms.CharField(label=gettext_lazy("Building"), required=False, max_length=60)
    room = forms.CharField(label=gettext_lazy("Room"), required=False, max_length=60)
    confidential = forms.BooleanField(
        label=gettext_lazy("The address is confidential"),
        required=False,
        help_text=gettext_lazy("A shelter: the public sees the hromada and a phone, never the address."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), required=False, max_length=60)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    about = forms.CharField(
        label=gettext_lazy("About the provider"), required=False, widget=forms.Textarea({"rows": 4})
    )
    included_on = DayField(
        label=gettext_lazy("Included on"), required=False, help_text=gettext_lazy("Empty means today.")
    )

    class Meta:
        model = Organisation
        fields = ("person_type", "name", "short_name", "legal_form", "ownership_form", "sector")
        widgets = {"name": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.today = today
        super().__init__(data)
        for name, enum in (("ownership_form", OwnershipForm), ("sector", Sector)):
            self.initial[name] = enum.UNKNOWN

    clean_postal_index = SiteForm.clean_postal_index
    clean_place = SiteForm.clean_place

    def clean_code(self) -> str | None:
        value = self.cleaned_data["code"]
        return clean_edrpou(value) if value else None

    def clean_rnokpp(self) -> str | None:
        value = self.cleaned_data["rnokpp"]
        return clean_rnokpp(value) if value else None

    def clean_included_on(self) -> date | None:
        value: date | None = self.cleaned_data["included_on"]
        if value and value > self.today:
            raise ValidationError(_("An entry is not included in advance."))
        return value

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind = values.get("person_type")
        legal = kind == PersonType.LEGAL_ENTITY
        if legal and values.get("rnokpp"):
            self.add_error("rnokpp", _("A legal entity has no RNOKPP."))
        if not legal and values.get("code"):
            self.add_error("code", _("Only a legal entity has an EDRPOU code."))
        key = "code" if legal else "rnokpp"
        if key not in self.errors and not values.get(key):
            self.add_error(key, _("Enter the code."))
        if "legal_form" in values and (values["legal_form"] in LegalForm.carers) != (kind == PersonType.NATURAL_PERSON):
            self.add_error("legal_form", _("Carers are natural persons, and only they."))
        return values

    def provider(self) -> ProviderRecord:
        """Return what was typed as a record."""
        values = self.cleaned_data
        site = SiteRecord(
            kind=SiteKind.LEGAL,
            confidential=values["confidential"],
            **seat_of(values["place"]),
            **{name: values[name] for name in ("postal_index", "street", "building", "room")},
        )
        told = {ContactKind.PHONE: values["phone"], ContactKind.EMAIL: values["email"]}
        return ProviderRecord(
            code=values["code"],
            rnokpp=values["rnokpp"],
            about=values["about"],
            included_on=values["included_on"],
            head_number=values["head_number"].strip() or None,
            sites=[site],
            contacts=[ContactRecord(kind, value) for kind, value in told.items() if value],
            services=[],
            **{name: values[name] for name in self.Meta.fields},
        )


class CodeForm(RemovalForm):
    """The code of a legal entity, entered when it becomes known or corrected when it was mistyped."""

    key_field = "code"
    field_order = ("code", "ground")

    code = forms.CharField(label=gettext_lazy("EDRPOU"), help_text=gettext_lazy("Eight digits, for a legal entity."))

    def __init__(self, data: Any = None, *, entry: RegisterEntry) -> None:
        super().__init__(data, entry=entry)
        self.initial["code"] = entry.organisation.code

    def clean_code(self) -> str:
        return clean_edrpou(self.cleaned_data["code"])


class HeadForm(RemovalForm):
    """Of which entry this one is a branch."""

    field_order = ("head_number", "ground")

    head_number = forms.CharField(
        label=gettext_lazy("Register number of the head organisation"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("Leave it empty if this is a branch of nobody."),
    )

    def __init__(self, data: Any = None, *, entry: RegisterEntry) -> None:
        super().__init__(data, entry=entry)
        self.initial["head_number"] = entry.parent.number if entry.parent else ""

    def clean_head_number(self) -> str:
        return str(self.cleaned_data["head_number"]).strip().upper()


class ConfirmationForm(RemovalForm):
    """A human confirms that the data are true today."""

    ground = GroundField(
        label=gettext_lazy("How it was checked"),
        help_text=gettext_lazy("For example: a call to the head on the number of the card. Everybody sees it."),
    )
