"""The form by which anybody asks for news of competitions; its parameters are those of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.domain.news.alerts import About
from procurement.models import Competition
from registry.models import Territory
from registry.queries.alphabet import alphabetical
from registry.queries.register import hromadas_of, vocabulary

PARAMETERS: Final = ("service", "group", "oblast", "hromada", "competition")
# the script asks by the oblast alone: an address typed already is nobody's business in a log of requests
_OTHER_HROMADAS: Final = {
    "hx-get": reverse_lazy("procurement:alert"),
    "hx-params": "oblast",
    "hx-target": "#hromada-of-oblast",
    "hx-select": "#hromada-of-oblast",
    "hx-swap": "outerHTML",
}


class AlertForm(forms.Form):
    """Of one competition, or of all that have this service, group and place; `website` is a field for robots alone."""

    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("For whom"), required=False)
    oblast = forms.ChoiceField(label=gettext_lazy("Oblast"), required=False, widget=forms.Select(_OTHER_HROMADAS))
    hromada = forms.ChoiceField(label=gettext_lazy("Hromada"), required=False)
    competition = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        help_text=gettext_lazy("For these letters alone. It is erased when you stop them."),
        error_messages={"required": gettext_lazy("Write the address to which the news should come.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, wanted: Mapping[str, str]) -> None:
        """Take what was sent, or nothing; `wanted` is what is filled in beforehand."""
        super().__init__(data, initial=dict(wanted), auto_id="f-%s")
        names = vocabulary()
        oblasts = sorted(names.oblasts.values(), key=lambda unit: alphabetical(unit.name))
        self.chosen_oblast = next((unit for unit in oblasts if unit.code == self["oblast"].value()), None)
        within = hromadas_of(self.chosen_oblast.pk) if self.chosen_oblast else []
        self._offer("service", _("any service"), [(kind.slug, kind.name) for kind in names.services.values()])
        self._offer("group", _("for anybody"), [(group.slug, group.name) for group in names.groups.values()])
        self._offer("oblast", _("All Ukraine"), [(unit.code, unit.label) for unit in oblasts])
        inner = sorted(within, key=lambda unit: alphabetical(unit.name))
        self._offer("hromada", _("The whole oblast"), [(unit.code, unit.label) for unit in inner])
        self._places = {unit.code: unit.pk for unit in (*oblasts, *within)}
        if data is not None and data.get("hromada") not in self._places:
            # the oblast was changed after it
            self.data = {**dict(data.items()), "hromada": ""}
        number = str(self["competition"].value() or "").replace("\x00", "")
        self.of_competition = Competition.objects.public().filter(number=number).first() if number else None
        self.is_of_unknown = bool(number) and self.of_competition is None

    def _offer(self, name: str, nothing: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", nothing), *choices]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty, please: only robots fill it in."))
        return ""

    def about(self) -> About:
        """Return what was asked for, once the form is valid; one competition says more than all the rest."""
        if self.of_competition is not None:
            return About(competition_id=self.of_competition.pk)
        names, values = vocabulary(), self.cleaned_data
        services = {kind.slug: kind.pk for kind in names.services.values()}
        groups = {group.slug: group.pk for group in names.groups.values()}
        place = self._places.get(values["hromada"] or values["oblast"])
        return About(place, services.get(values["service"]), groups.get(values["group"]))


def wanted_of(params: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks to be filled in; a hromada brings its oblast along."""
    wanted = {name: params[name][:60].replace("\x00", "") for name in PARAMETERS if params.get(name)}
    if "hromada" in wanted and "oblast" not in wanted:
        unit = Territory.objects.hromadas().filter(code=wanted["hromada"]).select_related("oblast").first()
        if unit is not None and unit.oblast is not None:
            wanted["oblast"] = unit.oblast.code
    return wanted
