"""One tap about free places, or the numbers themselves."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST: Final = 9_999
NOT_KNOWN: Final = "unknown"
EXACT: Final = "exact"
_NUMBER: Final = _("Write a whole number from 0 to 9999.")


class FreePlacesForm(forms.Form):
    """`say` is the button pressed: a number of places, `unknown`, or `exact` for what stands in `places`.

    A button carries the number that it leads to, so that a second press of the same page changes nothing.
    """

    service = forms.IntegerField(widget=forms.HiddenInput)
    say = forms.CharField(widget=forms.HiddenInput, max_length=20)
    places = forms.IntegerField(
        label=_("Free places"), required=False, min_value=0, max_value=MOST, error_messages={"invalid": _NUMBER}
    )
    waiting = forms.IntegerField(
        label=_("People waiting"), required=False, min_value=0, max_value=MOST, error_messages={"invalid": _NUMBER}
    )
    assessment_first = forms.BooleanField(label=_("Needs are assessed first"), required=False)

    def __init__(self, *args: Any, key: int | str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"f-{key}-%s", **kwargs)
        for name in ("places", "waiting"):
            self.fields[name].error_messages |= {"min_value": _NUMBER, "max_value": _NUMBER}
            # the validators were made with the messages of before
            for validator in self.fields[name].validators:
                validator.message = _NUMBER

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        said = values.get("say", "")
        if said == EXACT and values.get("places") is None and "places" not in self.errors:
            self.add_error("places", ValidationError(_NUMBER))
        if said not in {EXACT, NOT_KNOWN} and not (said.isascii() and said.isdigit() and int(said) <= MOST):
            self.add_error("places", ValidationError(_NUMBER))
        return values

    @property
    def free_places(self) -> int | None:
        """Return what was said of free places; None for "not known"."""
        said = self.cleaned_data["say"]
        if said == NOT_KNOWN:
            return None
        places: int = self.cleaned_data["places"] if said == EXACT else int(said)
        return places
