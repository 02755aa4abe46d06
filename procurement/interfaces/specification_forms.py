"""What an official fills in to say what exactly is ordered, and by which body."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.kernel.identifiers import clean_edrpou
from procurement.models import ServiceSpecification
from registry.enums import PriceUnit
from registry.models import DeliveryForm, ServiceType, VulnerableGroup

DAY: Final = "%Y-%m-%d"
# a day beyond these is a slip of the pen, and days counted from it would have no end
SENSIBLE: Final = (
    MinValueValidator(date(1900, 1, 1), _("Check the year.")),
    MaxValueValidator(date(2100, 12, 31), _("Check the year.")),
)
CEILING: Final = "ceiling"


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput({"type": "date"}, format=DAY),
        validators=SENSIBLE,
    )


def sum_field(label: Any, help_text: Any = "", *, max_digits: int = 14) -> forms.DecimalField:
    """Return a field for a number with two places; a comma and spaces between thousands are understood."""
    return SumField(
        label=label,
        help_text=help_text,
        required=False,
        max_digits=max_digits,
        decimal_places=2,
        min_value=Decimal(0),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )


def long_field(label: Any, help_text: Any = "", *, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=20_000, widget=forms.Textarea({"rows": rows})
    )


class SumField(forms.DecimalField):
    """A number as people write it: «12 500,50»."""

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            text = format(value, "f")
            return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text
        return value


class ChooseForm(forms.Form):
    """The priority group and the service; the form of delivery is asked next, from what fits the service."""

    group = forms.ModelChoiceField(
        VulnerableGroup.objects.all(),
        label=_("Priority group"),
        help_text=_("For whom the service is, from the catalogue."),
        empty_label="—",
    )
    service_type = forms.ModelChoiceField(
        ServiceType.objects.all(),
        label=_("Service"),
        help_text=_("From the catalogue of social services."),
        empty_label="—",
    )


class DeliveryChoiceForm(ChooseForm):
    """The three choices together; forms that the catalogue names for the service come first."""

    delivery_form = forms.ModelChoiceField(
        DeliveryForm.objects.all(),
        label=_("Form of delivery"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, service: ServiceType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].widget = forms.HiddenInput()
        self.fields["service_type"].widget = forms.HiddenInput()
        self.fitting = offer_forms(self.fields["delivery_form"], service)


def offer_forms(field: Any, service: ServiceType | None) -> bool:
    """Group the choices of the field into those that fit the service and the others; say whether any are known."""
    fitting = set(service.delivery_forms.values_list("pk", flat=True)) if service else set()
    if not fitting:
        return False
    groups: dict[bool, list[tuple[int, str]]] = defaultdict(list)
    for one in DeliveryForm.objects.all():
        groups[one.pk in fitting].append((one.pk, one.name))
    field.choices = [(_("Fit this service"), groups[True]), (_("Other forms"), groups[False])]
    return True


class SpecificationForm(forms.Form):
    """Everything a specification says. An empty ceiling is volume × tariff."""

    title = forms.CharField(label=pgettext_lazy("order", "Title"), max_length=300)
    group = forms.ModelChoiceField(
        VulnerableGroup.objects.all(), label=_("Priority group"), required=False, empty_label="—"
    )
    service_type = forms.ModelChoiceField(ServiceType.objects.all(), label=_("Service"), empty_label=None)
    delivery_form = forms.ModelChoiceField(
        DeliveryForm.objects.all(), label=_("Form of delivery"), required=False, empty_label="—"
    )
    content = long_field(
        _("Content of the service"), _("What is done, how often, by whom: what a provider undertakes to do."), rows=6
    )
    categories = long_field(_("Categories of people it is given to"), rows=3)
    recipients = forms.IntegerField(label=_("Recipients, people"), required=False, min_value=1, max_value=10_000_000)
    place = forms.CharField(
        label=_("Place"),
        help_text=_("Settlements or an address where the service is given."),
        max_length=300,
        required=False,
    )
    service_from = day_field(_("Given from"))
    service_to = day_field(_("Given to"))
    standard = forms.CharField(label=_("State standard"), max_length=400, required=False)
    standard_url = forms.URLField(label=_("Address of the standard"), max_length=500, required=False)
    standard_is_draft = forms.BooleanField(
        label=_("The standard is a draft, not adopted yet"),
        help_text=_("The announcement will say so."),
        required=False,
    )
    quality = long_field(_("Requirements to quality"), _("What is measured, and what result counts as good enough."))
    volume = sum_field(_("Volume"), _("How many units for the whole time."), max_digits=12)
    unit = forms.ChoiceField(label=_("Unit"), choices=[("", "—"), *PriceUnit.choices], required=False)
    tariff = sum_field(_("Tariff, UAH a unit"), max_digits=12)
    tariff_act = forms.CharField(
        label=_("Act that set the tariff"), help_text=_("Body, date and number."), max_length=300, required=False
    )
    ceiling = sum_field(
        _("Price ceiling, UAH"), _("Leave empty for the volume times the tariff. It may be lower, never higher.")
    )

    parts: Final = (
        (_("What, for whom and how"), ("title", "group", "service_type", "delivery_form", "content", "categories")),
        (_("How much, where and when"), ("recipients", "place", "service_from", "service_to")),
        (_("Standard and quality"), ("standard", "standard_url", "standard_is_draft", "quality")),
        (_("Price"), ("volume", "unit", "tariff", "tariff_act", "ceiling")),
    )

    def __init__(self, *args: Any, service: ServiceType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["delivery_form"]
        if offer_forms(field, service):
            field.choices = [("", "—"), *field.choices]

    @classmethod
    def of(cls, specification: ServiceSpecification) -> SpecificationForm:
        """Return the form as the specification stands; a ceiling that was computed is shown as empty."""
        values = {name: getattr(specification, name) for name in cls.base_fields}
        if specification.ceiling == specification.computed_ceiling:
            values[CEILING] = None
        return cls(initial=values, service=specification.service_type)

    @property
    def sections(self) -> list[tuple[Any, list[Any]]]:
        return [(heading, [self[name] for name in names]) for heading, names in self.parts]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("service_from"), values.get("service_to")
        if first and last and last < first:
            self.add_error("service_to", _("The end must not be earlier than the beginning."))
        return values


class BodyForm(forms.Form):
    """How the body that orders services is reached; this goes into every announcement."""

    address = forms.CharField(label=_("Address"), max_length=300)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False, widget=forms.TextInput({"type": "tel"}))
    email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.URLField(
        label=_("Website"), help_text=_("For example, https://example.gov.ua"), max_length=300, required=False
    )


class NewBodyForm(BodyForm):
    code = forms.CharField(
        label=_("EDRPOU code"),
        help_text=_("Eight digits."),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("If the portal knows the organisation by its code, the name it knows stays."),
        max_length=500,
    )
    field_order = ["code", "name", "address", "phone", "email", "website"]

    def clean_code(self) -> str:
        try:
            return clean_edrpou(self.cleaned_data["code"])
        except ValidationError as error:
            raise ValidationError(error.messages) from error
