"""From the address of the list of contracts to what it asks for and back: page, table and API read the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.enums import OwnershipForm
from portal.accounts.models import Organisation
from procurement.contract_enums import ContractState
from procurement.enums import Channel
from procurement.models import Contract
from procurement.queries.contracts.listing import giving, provider_by, with_words
from registry.models import Territory
from registry.queries.register import vocabulary
from registry.queries.territory import hromada_by_code
from registry.views.paging import page_number

LONGEST_TEXT: Final = 200
_YEAR: Final = re.compile(r"20[0-9]{2}\Z")
_ASKED: Final = ("q", "state", "channel", "service", "year", "oblast", "hromada", "provider", "ownership")
_NAMES: Final = {
    "state": gettext_lazy("state"),
    "channel": gettext_lazy("channel"),
    "service": gettext_lazy("service"),
    "year": gettext_lazy("year"),
    "oblast": gettext_lazy("oblast"),
    "hromada": gettext_lazy("hromada"),
    "provider": gettext_lazy("provider"),
    "ownership": gettext_lazy("ownership form"),
}


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What the list shows, already checked; `problems` says what could not be understood, by parameter."""

    text: str = ""
    state: str = ""
    channel: str = ""
    service: str = ""
    # of the provider
    ownership: str = ""
    year: int | None = None
    oblast: Territory | None = None
    hromada: Territory | None = None
    provider: Organisation | None = None
    # as the address names the provider
    provider_key: str = ""
    page: int = 1
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, object]:
        return {
            "q": self.text,
            "state": self.state,
            "channel": self.channel,
            "service": self.service,
            "year": self.year,
            "oblast": self.oblast.code if self.oblast else "",
            "hromada": self.hromada.code if self.hromada else "",
            "provider": self.provider_key if self.provider else "",
            "ownership": self.ownership,
        }

    @property
    def narrows(self) -> bool:
        return any(self.known.values())

    def query(self, **other: object) -> str:
        """Return the address of the same list with something else in it; what is empty is left out."""
        return urlencode({name: value for name, value in {**self.known, **other}.items() if value})

    @property
    def without_provider(self) -> str:
        return self.query(provider="")

    def rows(self, rows: QuerySet[Contract]) -> QuerySet[Contract]:
        """Keep the contracts that pass every condition."""
        asked: dict[str, object] = {"state": self.state, "channel": self.channel, "concluded_on__year": self.year}
        asked |= {"hromada": self.hromada} if self.hromada else {"hromada__oblast": self.oblast}
        asked |= {"contractor": self.provider, "contractor__ownership_form": self.ownership}
        rows = rows.filter(**{name: value for name, value in asked.items() if value})
        if self.service:
            rows = giving(rows, self.service)
        return with_words(rows, self.text)


def read_contract_filter(params: QueryDict) -> ContractFilter:
    """Read the parameters; an unknown value is named in `problems` and left aside, never an error page."""
    asked = {name: " ".join(params.get(name, "").replace("\x00", " ").split())[:LONGEST_TEXT] for name in _ASKED}
    oblasts = {unit.code: unit for unit in vocabulary().oblasts.values()}
    hromada = hromada_by_code(asked["hromada"])
    oblast = oblasts.get(asked["oblast"])
    if hromada:
        # the hromada wins over the oblast
        oblast = next((unit for unit in oblasts.values() if unit.pk == hromada.oblast_id), None)
    found = {
        "state": asked["state"] if asked["state"] in ContractState.public else "",
        "channel": asked["channel"] if asked["channel"] in Channel.values else "",
        "service": asked["service"] if asked["service"] in _slugs() else "",
        "ownership": asked["ownership"] if asked["ownership"] in OwnershipForm.values else "",
        "year": int(asked["year"]) if _YEAR.match(asked["year"]) else None,
        "oblast": oblast,
        "hromada": hromada,
        "provider": provider_by(asked["provider"]) if asked["provider"] else None,
    }
    problems = {name: _unknown(name, asked[name]) for name, value in found.items() if asked[name] and not value}
    return ContractFilter(
        **found,  # type: ignore[arg-type]
        text=asked["q"],
        provider_key=asked["provider"],
        page=page_number(params.get("page", "")),
        problems=problems,
    )


def _slugs() -> set[str]:
    return {kind.slug for kind in vocabulary().services.values()}


def _unknown(name: str, value: str) -> str:
    return _("%(what)s: “%(value)s” is not known, so it was left aside.") % {
        "what": str(_NAMES[name]).capitalize(),
        "value": value[:60],
    }
