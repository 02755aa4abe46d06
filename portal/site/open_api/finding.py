"""What a list is asked for: units and services that exist, pages that may be beyond the end."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from portal.kernel.programs import problem
from registry.models import ServiceType, Territory, VulnerableGroup


class NotUnderstood(ValueError):  # noqa: N818 the name says what happened
    """A parameter names what there is not."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where, self.message = where, message


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of so many objects; a page beyond the end is empty."""

    total: int
    number: int
    size: int

    @property
    def start(self) -> int:
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        return self.number * self.size

    @property
    def numbers(self) -> dict[str, int]:
        return {"number": self.number, "count": max(-(-self.total // self.size), 1), "size": self.size}


def not_understood(error: NotUnderstood) -> HttpResponse:
    faults = [{"where": error.where, "message": error.message}]
    return problem(422, "A parameter cannot be understood.", errors=faults)


def the_unit(name: str, code: str) -> Territory:
    """Return the unit with this code; raises `NotUnderstood`."""
    found = Territory.objects.filter(code=code).first() if code.isprintable() else None
    if found is None:
        raise NotUnderstood(name, "There is no unit with this code.")
    return found


def the_service(slug: str) -> ServiceType:
    """Return the service of the catalogue; raises `NotUnderstood`."""
    found = ServiceType.objects.filter(slug=slug).first() if slug.isprintable() else None
    if found is None:
        raise NotUnderstood("service", "There is no service with this slug.")
    return found


def the_group(slug: str) -> VulnerableGroup:
    """Return the group of people; raises `NotUnderstood`."""
    found = VulnerableGroup.objects.filter(slug=slug).first() if slug.isprintable() else None
    if found is None:
        raise NotUnderstood("group", "There is no group with this slug.")
    return found
