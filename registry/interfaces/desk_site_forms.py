"""The form of an address: where it is, who may know it, how one gets in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.domain.records import ProviderRecord, SiteRecord
from registry.enums import UnitCategory
from registry.interfaces.desk_fields import HoursField, KnownField, PlaceField
from registry.interfaces.desk_forms import PartForm, put_at
from registry.models import AccessFeature, Site, Territory
from registry.queries.desk import is_settlement

ACCESS_PREFIX = "access_"


class SiteForm(PartForm):
    record_fields = (
        "kind",
        "label",
        "postal_index",
        "street",
        "building",
        "room",
        "latitude",
        "longitude",
        "hours",
        "confidential",
    )
    place_field = "place"

    place = PlaceField(label=gettext_lazy("Settlement"))
    hours = HoursField(label=gettext_lazy("Hours"))
    field_order = (
        "kind",
        "label",
        "confidential",
        "place",
        "postal_index",
        "street",
        "building",
        "room",
        "latitude",
        "longitude",
        "hours",
    )

    class Meta:
        model = Site
        fields = (
            "kind",
            "label",
            "postal_index",
            "street",
            "building",
            "room",
            "latitude",
            "longitude",
            "confidential",
        )
        help_texts = {
            "label": gettext_lazy("If people call it by a name: “Day centre”, “Branch № 2”."),
            "confidential": gettext_lazy("A shelter: the public sees the hromada and a phone, never the address."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.features = list(AccessFeature.objects.all())
        super().__init__(*args, **kwargs)
        for feature in self.features:
            self.fields[f"{ACCESS_PREFIX}{feature.pk}"] = KnownField(label=feature.name)
        self.move_to_end("ground")

    def part(self) -> SiteRecord | None:
        return None if self.position is None else (self.record.sites or [])[self.position]

    def known(self) -> dict[str, Any]:
        part = self.part()
        if part is None:
            return {}
        access = {f"{ACCESS_PREFIX}{key}": value for key, value in part.access.items()}
        place = part.territory_id or part.hromada_id or part.oblast_id
        return {**super().known(), **access, "place": place}

    @property
    def access_fields(self) -> list[Any]:
        return [self[f"{ACCESS_PREFIX}{feature.pk}"] for feature in self.features]

    @property
    def plain_fields(self) -> list[Any]:
        return [bound for bound in self.visible_fields() if not bound.name.startswith(ACCESS_PREFIX)]

    def clean_place(self) -> Territory:
        unit: Territory = self.cleaned_data["place"]
        if not is_settlement(unit) and unit.category != UnitCategory.HROMADA:
            raise forms.ValidationError(_("Pick a settlement, or at least a hromada."))
        return unit

    def clean_postal_index(self) -> str:
        value: str = self.cleaned_data["postal_index"].strip()
        if value and not (value.isascii() and value.isdigit() and len(value) == 5):  # noqa: PLR2004
            raise forms.ValidationError(_("A postal index has five digits."))
        return value

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            missing = "latitude" if values.get("latitude") is None else "longitude"
            if missing not in self.errors:
                self.add_error(missing, _("Latitude and longitude go together."))
        return values

    def apply(self, record: ProviderRecord) -> None:
        values = self.cleaned_data
        unit: Territory = values["place"]
        access = {
            feature.pk: values[f"{ACCESS_PREFIX}{feature.pk}"]
            for feature in self.features
            if values[f"{ACCESS_PREFIX}{feature.pk}"] is not None
        }
        told = SiteRecord(access=access, **seat_of(unit), **{name: values[name] for name in self.record_fields})
        put_at(record.sites, self.position, told)


def seat_of(unit: Territory) -> dict[str, int | None]:
    """Return the columns by which an address or an entry lies in a unit."""
    return {
        "territory_id": unit.pk if is_settlement(unit) else None,
        "hromada_id": unit.hromada_id,
        "oblast_id": unit.oblast_id,
    }
