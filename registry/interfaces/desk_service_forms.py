"""The form of a service: what is done, for whom, where, at what price, for how many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.domain.records import ProviderRecord, ServiceRecord
from registry.enums import AreaKind, PriceMode, UnitCategory
from registry.interfaces.desk_fields import DayField, HoursField, KnownField, PlacesField
from registry.interfaces.desk_forms import PartForm, put_at
from registry.models import DeliveryForm, Service, ServiceType, VulnerableGroup

# which units an area of each kind is made of
AREA_UNITS = {
    AreaKind.HROMADAS: {UnitCategory.HROMADA, UnitCategory.SPECIAL_CITY},
    AreaKind.RAION: {UnitCategory.RAION},
    AreaKind.OBLAST: {UnitCategory.OBLAST, UnitCategory.SPECIAL_CITY},
}


class ServiceForm(PartForm):
    record_fields = (
        "title",
        "content",
        "conditions",
        "price_mode",
        "price",
        "price_unit",
        "price_on",
        "capacity",
        "capacity_on",
        "urgent",
        "meets_standard",
        "area_kind",
        "hours",
    )
    field_order = (
        "service_type",
        "title",
        "content",
        "conditions",
        "groups",
        "delivery_forms",
        "price_mode",
        "price",
        "price_unit",
        "price_on",
        "capacity",
        "capacity_on",
        "urgent",
        "meets_standard",
        "area_kind",
        "areas",
        "at_sites",
        "hours",
    )

    service_type = forms.ModelChoiceField(ServiceType.objects.all(), label=gettext_lazy("Service"))
    groups = forms.ModelMultipleChoiceField(
        VulnerableGroup.objects.all(),
        label=gettext_lazy("For whom"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    delivery_forms = forms.ModelMultipleChoiceField(
        DeliveryForm.objects.all(),
        label=gettext_lazy("Forms of delivery"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    price_on = DayField(label=gettext_lazy("Tariff as of"), required=False)
    capacity_on = DayField(label=gettext_lazy("Places as of"), required=False)
    meets_standard = KnownField(label=gettext_lazy("Meets the state standard"))
    areas = PlacesField(
        label=gettext_lazy("Territories served"),
        help_text=gettext_lazy("One a line: the hromadas, raions or oblasts whose people are served."),
        required=False,
    )
    at_sites = forms.TypedMultipleChoiceField(
        label=gettext_lazy("At which addresses"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    hours = HoursField(label=gettext_lazy("Hours"))

    class Meta:
        model = Service
        fields = (
            "title",
            "content",
            "conditions",
            "price_mode",
            "price",
            "price_unit",
            "price_on",
            "capacity",
            "capacity_on",
            "urgent",
            "area_kind",
        )
        widgets = {"content": forms.Textarea({"rows": 4}), "conditions": forms.Textarea({"rows": 3})}
        help_texts = {
            "title": gettext_lazy("Only if the provider calls the service otherwise than the catalogue."),
            "area_kind": gettext_lazy("Whose people are served; it is not where the office stands."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at_sites"].choices = [
            (place, site_name(site)) for place, site in enumerate(self.record.sites or [])
        ]

    def part(self) -> ServiceRecord | None:
        return None if self.position is None else (self.record.services or [])[self.position]

    def known(self) -> dict[str, Any]:
        part = self.part()
        if part is None:
            return {}
        return {
            **super().known(),
            "service_type": part.service_type_id,
            "groups": sorted(part.group_ids),
            "delivery_forms": sorted(part.delivery_form_ids),
            "areas": part.area_ids,
            "at_sites": list(part.at_sites),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._clean_price(values)
        if (values.get("capacity") is None) != (values.get("capacity_on") is None):
            missing = "capacity" if values.get("capacity") is None else "capacity_on"
            self._blame(missing, _("Places and the date they were counted go together."))
        wanted = AREA_UNITS.get(values.get("area_kind"), set())  # type: ignore[call-overload]
        areas = values.get("areas") or []
        if wanted and not areas:
            self._blame("areas", _("Name the territories."))
        elif areas and not wanted:
            self._blame("areas", _("Territories are named only for hromadas, raions or oblasts."))
        elif any(unit.category not in wanted for unit in areas):
            self._blame("areas", _("Each must be of the kind chosen above."))
        return values

    def _clean_price(self, values: dict[str, Any]) -> None:
        price, unit = values.get("price"), values.get("price_unit")
        paid = values.get("price_mode") in {PriceMode.TARIFF, PriceMode.DIFFERENTIATED}
        if price is not None and not paid:
            self._blame("price", _("A free service has no tariff."))
        elif price is not None and price < 0:
            self._blame("price", _("A price cannot be negative."))
        elif price is not None and not unit:
            self._blame("price_unit", _("What is the tariff for?"))
        elif price is None and unit:
            self._blame("price", _("Enter the sum of the tariff."))
        if price is None and values.get("price_on"):
            self._blame("price_on", _("The date belongs to a tariff, and there is none."))

    def _blame(self, name: str, reason: str) -> None:
        if name not in self.errors:
            self.add_error(name, reason)

    def apply(self, record: ProviderRecord) -> None:
        values = self.cleaned_data
        told = ServiceRecord(
            service_type_id=values["service_type"].pk,
            group_ids=frozenset(group.pk for group in values["groups"]),
            delivery_form_ids=frozenset(form.pk for form in values["delivery_forms"]),
            area_ids=frozenset(unit.pk for unit in values["areas"]),
            at_sites=tuple(sorted(values["at_sites"])),
            **{name: values[name] for name in self.record_fields},
        )
        put_at(record.services, self.position, told)


def site_name(site: Any) -> str:
    """Return what tells one address of a provider from another in a list of choices, a confidential one by its name."""
    if site.confidential:
        return site.label or _("confidential address")
    return ", ".join(filter(None, (site.label, site.street, site.building))) or _("address without a street")
