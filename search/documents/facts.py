"""What the constructors of providers and services are given besides the rows: units and names, by their keys."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.interfaces.exporting.gather import Facts


@dataclass(frozen=True, slots=True)
class Unit:
    """A territorial unit with the codes of what it lies in; an oblast has its own code in `oblast`."""

    code: str
    label: str
    hromada: str = ""
    raion: str = ""
    oblast: str = ""
    oblast_label: str = ""

    @property
    def chain(self) -> tuple[str, ...]:
        """The unit and everything it lies in, from the smallest up."""
        return tuple(dict.fromkeys(code for code in (self.code, self.hromada, self.raion, self.oblast) if code))

    @property
    def full_label(self) -> str:
        return ", ".join(dict.fromkeys(name for name in (self.label, self.oblast_label) if name))


@dataclass(slots=True)
class Names:
    """What the keys in facts of the register stand for; `read` remembers tokens of names that many documents share."""

    # key → (slug, name in Ukrainian, name in English)
    services: dict[int, tuple[str, str, str]]
    # key → (slug, name in Ukrainian)
    groups: dict[int, tuple[str, str]]
    forms: dict[int, str]
    features: dict[int, str]
    units: dict[int, Unit]
    read: dict[str, list[str]] = field(default_factory=dict)

    def unit_of(self, facts: Facts) -> Unit | None:
        """Return the smallest unit that the facts name: of a confidential address they name none below the hromada."""
        keys = (facts.get(name) for name in ("territory_id", "hromada_id", "oblast_id"))
        return next((self.units[key] for key in keys if key in self.units), None)
