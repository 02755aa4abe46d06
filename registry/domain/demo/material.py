"""The words of the demonstration set, read from `registry/reference/demo/`, and the vocabulary rows they point to."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Final, Generic, TypeVar

from registry.models import AccessFeature, DeliveryForm, ServiceType, VulnerableGroup

FOLDER: Final = Path(__file__).resolve().parents[2] / "reference" / "demo"
Choice = TypeVar("Choice")


class Weighted(Generic[Choice]):
    """A choice among things of unequal weight."""

    def __init__(self, weights: Mapping[Choice, float]) -> None:
        self.things = list(weights)
        self._sums = list(accumulate(weights.values()))

    def pick(self, rng: Random) -> Choice:
        return self.things[bisect(self._sums, rng.random() * self._sums[-1])]


@dataclass(slots=True, frozen=True)
class Vocabularies:
    """Keys of the vocabulary rows, by slug."""

    services: dict[str, int]
    forms: dict[str, int]
    groups: dict[str, int]
    access: tuple[int, ...]


class Material:
    """Sentence banks, names and shares; slugs that the catalogue does not know are left out."""

    def __init__(self) -> None:
        self.profiles: dict[str, Any] = _read("profiles.json")
        self.names: dict[str, Any] = _read("names.json")
        self.steps: dict[str, Any] = _read("steps.json")
        self.places: dict[str, Any] = _read("places.json")
        self.legal_forms: dict[str, Any] = _read("forms.json")
        self.services: dict[str, Any] = {}
        for path in sorted(FOLDER.glob("services_*.json")):
            self.services |= json.loads(path.read_text(encoding="utf-8"))
        self.services |= _read("variants.json")
        self.legal_form = Weighted({slug: form["share"] for slug, form in self.legal_forms.items()})
        self.profile = {slug: Weighted(form["profiles"]) for slug, form in self.legal_forms.items()}
        self.street_kind = Weighted({kind: len(names) for kind, names in self.places["streets"].items()})

    @cached_property
    def vocabularies(self) -> Vocabularies:
        """The rows that records point to, read once."""
        return Vocabularies(
            dict(ServiceType.objects.values_list("slug", "pk")),
            dict(DeliveryForm.objects.values_list("slug", "pk")),
            dict(VulnerableGroup.objects.values_list("slug", "pk")),
            tuple(AccessFeature.objects.order_by("order", "slug").values_list("pk", flat=True)),
        )

    @cached_property
    def services_of_profile(self) -> dict[str, dict[str, float]]:
        """The services a profile may have, as likely as they are, where the catalogue knows them."""
        known = self.vocabularies.services
        return {
            slug: {name: share for name, share in profile["services"].items() if name.partition(":")[0] in known}
            for slug, profile in self.profiles.items()
        }


def material_digest() -> str:
    """Return a digest of every file the set is made from."""
    together = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.json")):
        together.update(path.read_bytes())
    return together.hexdigest()[:16]


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
