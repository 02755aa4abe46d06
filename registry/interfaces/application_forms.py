"""The forms of an application, one for each part."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from registry.enums import AreaKind, ContactKind, PriceMode, PriceUnit, SiteKind
from registry.interfaces.application_fields import (
    ChoiceField,
    DayField,
    DegreeField,
    FlagField,
    HoursField,
    KnownField,
    ManyField,
    MoneyField,
    PlaceField,
    PlacesField,
    TextField,
    WholeField,
)
from registry.interfaces.application_path_form import PathForm, Row


class OrganisationForm(PathForm):
    name = TextField(rows=2, label=gettext_lazy("Full name"), max_length=500)
    short_name = TextField(label=gettext_lazy("Short name"), max_length=200)
    legal_form = ChoiceField(label=gettext_lazy("Legal form"))
    ownership_form = ChoiceField(
        [choice for choice in OwnershipForm.choices if choice[0] != OwnershipForm.UNKNOWN],
        radio=True,
        label=gettext_lazy("Form of ownership"),
    )
    sector = ChoiceField(
        [choice for choice in Sector.choices if choice[0] != Sector.UNKNOWN],
        radio=True,
        label=gettext_lazy("Sector"),
        help_text=gettext_lazy("A civic organisation, a charity, a sole proprietor: non-state."),
    )
    head = TextField(
        label=gettext_lazy("Register number of the head organisation"),
        help_text=gettext_lazy("Only for a branch: the number stands on the card of the organisation it belongs to."),
        max_length=12,
    )

    def prepare(self) -> None:
        """Offer the legal forms of what the organisation is: that it is one was settled when it was claimed."""
        person = self.content.get(self.path("person_type")) == PersonType.SOLE_PROPRIETOR
        forms_in_law = [
            choice
            for choice in LegalForm.choices
            if choice[0] not in LegalForm.carers and (choice[0] == LegalForm.SOLE_PROPRIETOR) == person
        ]
        self.fields["legal_form"].choices = [("", "—"), *forms_in_law]


class AboutForm(PathForm):
    about = TextField(
        rows=5,
        label=gettext_lazy("About the provider"),
        help_text=gettext_lazy("A few sentences for people who look for help. Everybody will read them."),
    )


class SiteForm(PathForm):
    groups_of_fields = (
        ("", ("kind", "label", "confidential")),
        (gettext_lazy("Where it is"), ("territory", "street", "building", "room", "postal_index")),
        (gettext_lazy("When it is open"), ("hours",)),
    )

    kind = ChoiceField(SiteKind.choices, radio=True, label=gettext_lazy("What this address is"))
    label = TextField(
        label=gettext_lazy("Name of the place"),
        help_text=gettext_lazy("If people call it by a name: “Day centre”, “Branch № 2”."),
        max_length=200,
    )
    confidential = FlagField(
        label=gettext_lazy("The address is confidential"),
        help_text=gettext_lazy("A shelter: the public sees the hromada and a phone, never the address."),
    )
    territory = PlaceField(
        label=gettext_lazy("Settlement"),
        help_text=gettext_lazy("Write the name, for example: Dykanka. Namesakes will be offered to choose from."),
    )
    street = TextField(label=gettext_lazy("Street"), max_length=200)
    building = TextField(label=gettext_lazy("Building"), max_length=60)
    room = TextField(label=gettext_lazy("Room, office"), max_length=60)
    postal_index = TextField(label=gettext_lazy("Postal index"), max_length=5)
    hours = HoursField(label=gettext_lazy("Hours"))
    latitude = DegreeField(90, label=gettext_lazy("Latitude"))
    longitude = DegreeField(180, label=gettext_lazy("Longitude"))

    def prepare(self) -> None:
        for slug, name in self.known.choices("features"):
            self.fields[f"access/{slug}"] = KnownField(label=name)

    @property
    def access_rows(self) -> list[Row]:
        return self.rows(name for name in self.fields if name.startswith("access/"))

    @property
    def point_rows(self) -> list[Row]:
        return self.rows(("latitude", "longitude"))


class ContactForm(PathForm):
    """One contact; its kind was chosen when it was added."""

    value = TextField(label=gettext_lazy("Contact"), max_length=500)
    note = TextField(
        label=gettext_lazy("Note"), help_text=gettext_lazy("For example: reception, round the clock."), max_length=200
    )
    private = FlagField(
        label=gettext_lazy("Not for the public"),
        help_text=gettext_lazy("Only officials will see it: a mobile phone of a person, for example."),
    )

    def prepare(self) -> None:
        kind = self.content.get(f"{self.prefix}/kind") or ContactKind.PHONE
        hints = {
            ContactKind.PHONE: _("With the code: +380 …"),
            ContactKind.WEBSITE: _("The address of the page, with https://"),
            ContactKind.HEAD: _("Surname, name and patronymic of the head."),
        }
        # the keys that a telephone shows; a browser's own check would speak another language than ours
        modes = {ContactKind.PHONE: "tel", ContactKind.EMAIL: "email", ContactKind.WEBSITE: "url"}
        field = self.fields["value"]
        field.label = str(ContactKind(kind).label).capitalize() if kind in ContactKind.values else str(kind)
        field.help_text = hints.get(kind, "")
        if kind in modes:
            field.widget.attrs["inputmode"] = modes[kind]

    @property
    def key(self) -> str:
        return str(self.prefix).rpartition("/")[2]

    @property
    def label(self) -> str:
        """What the contact is, for those who hear the page."""
        return " ".join(filter(None, (str(self.fields["value"].label), str(self["value"].value() or ""))))


class ServiceForm(PathForm):
    groups_of_fields = (
        (gettext_lazy("What is done"), ("service_type", "title", "content", "conditions")),
        (gettext_lazy("For whom and how"), ("groups", "delivery_forms", "urgent", "meets_standard")),
        (gettext_lazy("What it costs"), ("price_mode", "price", "price_unit", "price_on")),
        (gettext_lazy("How many places"), ("capacity", "capacity_on")),
        (gettext_lazy("Where"), ("area_kind", "areas", "at_sites")),
        (gettext_lazy("Hours of this service"), ("hours",)),
    )

    service_type = ChoiceField(label=gettext_lazy("Service of the catalogue"))
    title = TextField(
        label=gettext_lazy("Own name of the service"),
        help_text=gettext_lazy("Only if you call it otherwise than the catalogue."),
        max_length=200,
    )
    content = TextField(
        rows=5,
        label=gettext_lazy("Content"),
        help_text=gettext_lazy("What exactly is done for a person, in plain words."),
    )
    conditions = TextField(
        rows=4,
        label=gettext_lazy("Conditions"),
        help_text=gettext_lazy("What a person needs: documents, a referral, an appointment."),
    )
    groups = ManyField(label=gettext_lazy("For whom"))
    delivery_forms = ManyField(label=gettext_lazy("Forms of delivery"))
    urgent = FlagField(label=gettext_lazy("Given urgently, in a crisis"))
    meets_standard = KnownField(label=gettext_lazy("Meets the state standard"))
    price_mode = ChoiceField(
        [choice for choice in PriceMode.choices if choice[0] != PriceMode.UNKNOWN],
        radio=True,
        label=gettext_lazy("Payment"),
    )
    price = MoneyField(
        label=gettext_lazy("Tariff, UAH"), help_text=gettext_lazy("For a paid service. For example: 120,50.")
    )
    price_unit = ChoiceField(PriceUnit.choices, label=gettext_lazy("Tariff for"))
    price_on = DayField(label=gettext_lazy("Tariff as of"))
    capacity = WholeField(
        label=gettext_lazy("Places"), help_text=gettext_lazy("How many people can be served at once.")
    )
    capacity_on = DayField(label=gettext_lazy("Places as of"), help_text=gettext_lazy("The day on which you counted."))
    area_kind = ChoiceField(
        [choice for choice in AreaKind.choices if choice[0] != AreaKind.UNKNOWN],
        radio=True,
        label=gettext_lazy("Area served"),
        help_text=gettext_lazy("Whose people are served; it is not where the office stands."),
    )
    areas = PlacesField(
        label=gettext_lazy("Territories served"),
        help_text=gettext_lazy("One a line: hromadas, raions or oblasts, of the kind chosen above."),
    )
    at_sites = ManyField(label=gettext_lazy("At which addresses"))
    hours = HoursField(label=gettext_lazy("Hours"))

    def prepare(self) -> None:
        chosen = self.content.get(self.path("service_type"))
        self.fields["service_type"].choices = [*([] if chosen else [("", "—")]), *self.known.choices("types")]
        self.fields["groups"].choices = self.known.choices("groups")
        self.fields["delivery_forms"].choices = self.known.choices("delivery_forms")
        self.fields["at_sites"].choices = self.known.sites()

    def likely(self, name: str) -> frozenset[str] | None:
        if name != "groups":
            return None
        return self.known.usual_groups(str(self.content.get(self.path("service_type")) or ""))


class CriterionForm(PathForm):
    """What the provider says of one criterion for one service; the file itself is sent apart."""

    statement = TextField(rows=3, label=gettext_lazy("Your statement"))
    expires_on = DayField(
        label=gettext_lazy("The document holds until"),
        help_text=gettext_lazy("The last day on which it holds; leave it empty if there is none."),
    )

    @property
    def statement_rows(self) -> list[Row]:
        return self.rows(("statement",))

    @property
    def day_rows(self) -> list[Row]:
        return self.rows(("expires_on",))


class ConsentsForm(PathForm):
    accuracy = FlagField(label=gettext_lazy("Everything in this application is true, and I have the right to say it"))
    personal_data = FlagField(
        label=gettext_lazy("I agree to the processing of the personal data in this application"),
        help_text=gettext_lazy("For the purposes of the register alone (Law on Personal Data Protection)."),
    )


class ExclusionForm(PathForm):
    reason = TextField(
        rows=4,
        label=gettext_lazy("Why you leave the register"),
        help_text=gettext_lazy("Do not name people you have served."),
    )

    def prepare(self) -> None:
        self.fields["from"] = DayField(
            label=_("From which day"),
            help_text=_("From this day you give no services as a provider of the register."),
        )


# the parts that are one page with one form, and those made of several things with a form each
FORMS: dict[str, type[PathForm]] = {
    "organisation": OrganisationForm,
    "about": AboutForm,
    "sites": SiteForm,
    "contacts": ContactForm,
    "services": ServiceForm,
    "criteria": CriterionForm,
    "consents": ConsentsForm,
    "exclusion": ExclusionForm,
}
