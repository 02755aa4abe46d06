"""What a provider's people may say of free places: their services, each with what was said last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.enums import ServiceStanding, Standing
from registry.models import Service
from registry.queries.freshness import FreePlaces, free_places_of


@dataclass(slots=True)
class Offer:
    """One service of an organisation; `less` and `more` are where the two buttons lead, if anywhere."""

    service: Service
    free: FreePlaces | None

    @property
    def now(self) -> int | None:
        return self.free.number if self.free and self.free.is_known else None

    @property
    def less(self) -> int | None:
        return self.now - 1 if self.now else None

    @property
    def more(self) -> int | None:
        after = (self.now or 0) + 1
        capacity = self.service.capacity
        return after if capacity is None or after <= capacity else None


def offers_of(organisation_ids: Sequence[int], *, today: date) -> list[Offer]:
    """Return the services that these organisations may offer now, by organisation, in two queries."""
    services = Service.objects.filter(
        entry__organisation__in=organisation_ids,
        entry__standing__in=Standing.active,
        standing=ServiceStanding.INCLUDED,
    )
    rows = list(services.select_related("service_type", "entry__organisation").order_by("entry", "pk"))
    said = free_places_of([row.pk for row in rows], today)
    return [Offer(row, said.get(row.pk)) for row in rows]
