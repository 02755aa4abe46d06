"""Which criteria of decree 185 a provider answers, service by service; the criteria themselves are data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.kernel.models.reference import in_force_on
from registry.domain.contents import Content, keys_of, part_of
from registry.enums import CriterionGroup
from registry.models import Criterion


def criteria_in_force(day: date) -> list[Criterion]:
    """Return the criteria of the day with what they apply to: three queries."""
    rows = Criterion.objects.filter(in_force_on(day, "valid_from", "valid_to"))
    return list(rows.prefetch_related("for_services", "for_forms"))


def criteria_by_service(content: Content, criteria: Iterable[Criterion]) -> dict[str, list[Criterion]]:
    """Return those that apply to each service of the content that has been chosen, by the service's key."""
    rules = [_Rule(criterion) for criterion in criteria]
    services = {key: part_of(content, "services", key) for key in keys_of(content, "services")}
    return {
        key: [rule.criterion for rule in rules if rule.applies(service)]
        for key, service in services.items()
        if service.get("service_type")
    }


class _Rule:
    """A criterion with the services and forms it names, each as a set."""

    def __init__(self, criterion: Criterion) -> None:
        self.criterion = criterion
        self._services = {service.slug for service in criterion.for_services.all()}
        self._forms = {form.slug for form in criterion.for_forms.all()}

    def applies(self, service: dict[str, Any]) -> bool:
        return (
            self.criterion.group == CriterionGroup.GENERAL
            or service["service_type"] in self._services
            or bool(self._forms & set(service.get("delivery_forms", ())))
            or (self.criterion.for_urgent and bool(service.get("urgent")))
        )
