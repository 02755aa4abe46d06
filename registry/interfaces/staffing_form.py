"""The form of the officials' calculator: how many live in the hromada, in town and in the country."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.domain.staffing import Population

MOST_RESIDENTS: Final = 5_000_000
MOST_CASES: Final = 1_000_000


class PeopleField(forms.IntegerField):
    """A whole number as people write it: «19 344»."""

    def __init__(self, label: Any, most: int = MOST_RESIDENTS) -> None:
        super().__init__(label=label, required=False, min_value=0, max_value=most)

    def to_python(self, value: Any) -> int | None:
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


class StaffingForm(forms.Form):
    total = PeopleField(gettext_lazy("Residents, all"))
    urban = PeopleField(gettext_lazy("Of them urban"))
    rural = PeopleField(gettext_lazy("Of them rural"))
    cases = PeopleField(gettext_lazy("Cases led at once"), MOST_CASES)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        total, parts = values.get("total"), [values.get("urban"), values.get("rural")]
        known = [part for part in parts if part is not None]
        if total is not None and sum(known) > total:
            self.add_error("total", _("There are fewer residents here than urban and rural ones together."))
        elif total is not None and len(known) == len(parts) and sum(known) != total:
            self.add_error("total", _("Urban and rural residents together make %(sum)s.") % {"sum": sum(known)})
        return values

    def population(self) -> Population:
        """Return what a valid form tells of the residents."""
        values = self.cleaned_data
        return Population(values["total"], values["urban"], values["rural"]).completed()
