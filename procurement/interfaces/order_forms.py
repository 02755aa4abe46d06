"""What an official fills in about needs, programmes, budget acts, decisions and refusals."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.domain.planning.budgets import BudgetFacts
from procurement.enums import BudgetActKind, Channel, CountedOver, GroundUse, OrderOutcome
from procurement.interfaces.specification_forms import DAY, SENSIBLE, long_field, sum_field
from procurement.models import BudgetAct, OrderDecision, ProcedureGround, Programme
from registry.models import ServiceType, Territory, VulnerableGroup

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
MOST_PEOPLE: Final = 50_000_000


def day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput({"type": "date"}, format=DAY),
        validators=SENSIBLE,
    )


def year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def people(label: Any, help_text: Any = "") -> PeopleField:
    return PeopleField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def web_address(label: Any) -> forms.URLField:
    return forms.URLField(
        label=label,
        help_text=_("Where everybody can read the act: https://…"),
        required=False,
        max_length=500,
        widget=forms.URLInput({"inputmode": "url", "autocomplete": "off"}),
    )


class PeopleField(forms.IntegerField):
    """A number of people as it is written in tables: «12 500»."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


def service(*, required: bool = True) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(ServiceType.objects.all(), label=_("Service"), required=required, empty_label="—")


def group() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        VulnerableGroup.objects.all(), label=_("Group of people"), required=False, empty_label="—"
    )


class ReasonForm(forms.Form):
    reason = long_field(_("What is corrected and why?"), _("Everybody will read it beside both versions."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, a picture or a signed file. Everybody will be able to read it: no personal data in it."),
    )


# --- budget acts ---------------------------------------------------------------------------------------------------


class BudgetForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What happened to the budget?"),
        choices=[
            (BudgetActKind.ADOPTED.value, _("It was adopted")),
            (BudgetActKind.AMENDED.value, _("It was amended")),
        ],
        widget=forms.RadioSelect,
    )
    year = year(_("Budget year"))
    adopted_on = day(_("Date of the act"))
    number = forms.CharField(label=_("Number of the act"), max_length=60)
    url = web_address(_("Address of the act"))
    note = long_field(_("Note"), _("For example, what was amended. Everybody reads it."), rows=2)

    @property
    def facts(self) -> BudgetFacts:
        names = ("kind", "year", "adopted_on", "number", "url", "note")
        return BudgetFacts(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def of(act: BudgetAct) -> dict[str, Any]:
        return {name: getattr(act, name) for name in ("kind", "year", "adopted_on", "number", "url", "note")}


class CorrectBudgetForm(BudgetForm, ReasonForm):
    """The right act and what was wrong in the one it stands for."""


# --- decisions -----------------------------------------------------------------------------------------------------


class OrderDecisionForm(forms.Form):
    """All but the services and the file; nothing is asked for before the decision is published."""

    outcome = forms.ChoiceField(
        label=_("What was decided?"), choices=OrderOutcome.choices, widget=forms.RadioSelect, required=False
    )
    decided_on = day(_("Date of the decision"), required=False)
    number = forms.CharField(label=_("Number of the decision"), max_length=60, required=False)
    body = forms.CharField(
        label=_("Who decided"), help_text=_("For example: the executive committee."), max_length=300, required=False
    )
    url = web_address(_("Address of the decision"))
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("Programme it rests on"), required=False, empty_label="—"
    )
    ground = forms.ModelChoiceField(
        ProcedureGround.objects.filter(use=GroundUse.NOT_ORDER),
        label=_("Typical ground, if nothing is ordered"),
        required=False,
        empty_label="—",
    )
    grounds = long_field(_("Grounds in words"), _("Obligatory when nothing is ordered: people will ask why."), rows=5)

    def __init__(self, *args: Any, hromada: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = Programme.objects.filter(hromada=hromada)  # type: ignore[attr-defined]
        if not self.fields["ground"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["ground"]

    @staticmethod
    def of(decision: OrderDecision) -> dict[str, Any]:
        names = ("outcome", "decided_on", "number", "body", "url", "programme", "ground", "grounds")
        return {name: getattr(decision, name) for name in names}


class OrderItemForm(forms.Form):
    service_type = service()
    group = group()
    channel = forms.ChoiceField(label=_("How it is given"), choices=Channel.choices, widget=forms.RadioSelect)
    recipients = people(_("How many people will receive it"))
    volume = sum_field(_("Volume"), _("Only the number: 1800."), max_digits=12)
    unit = forms.CharField(
        label=_("Unit of the volume"), help_text=_("For example: hour, day, visit."), max_length=60, required=False
    )
    amount = sum_field(_("Sum, UAH"))


# --- needs ---------------------------------------------------------------------------------------------------------


class AsOfForm(forms.Form):
    as_of = day(_("As of what day are the data?"), _("Usually 1 January."))


class AboutNeedsForm(AsOfForm):
    study_from = day(_("Social study began on"), required=False)
    study_to = day(_("Social study ended on"), required=False)
    respondents = people(_("How many people were asked"))
    method = long_field(_("How people were asked"), rows=3)
    findings = long_field(_("What was found"), _("In plain words, without names."), rows=6)
    act_number = forms.CharField(label=_("Number of the act that approved it"), max_length=60, required=False)
    act_on = day(_("Date of the act"), required=False)
    act_url = web_address(_("Address of the act"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        began, ended = values.get("study_from"), values.get("study_to")
        if isinstance(began, date) and isinstance(ended, date) and ended < began:
            self.add_error("study_to", _("The end must not be earlier than the beginning."))
        return values


class FigureForm(forms.Form):
    group = group()
    label = forms.CharField(
        label=_("Indicator in words"),
        help_text=_("If the group is not in the list, or to make it more exact. No names of people."),
        max_length=300,
        required=False,
    )
    persons = people(
        _("How many people"),
        _("Leave empty if it is not known: unknown is not zero. Numbers under five are not shown to the public."),
    )
    counted = forms.ChoiceField(
        label=_("Counted"), choices=CountedOver.choices, initial=CountedOver.ON_DAY, widget=forms.RadioSelect
    )
    source = forms.CharField(label=_("Source"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("group") and not (values.get("label") or "").strip() and not self.errors:
            self.add_error("group", _("Name the group or the indicator."))
        return values


class NeedForm(forms.Form):
    service_type = service()
    need = people(_("How many people need it"), _("Leave empty if it is not known."))
    receive = people(_("How many people receive it"), _("Leave empty if it is not known."))


class RefusalForm(forms.Form):
    """No name, no address, no text: nothing here leads to a person."""

    service_type = service()
    group = group()
    refused_on = day(_("Refused on"))
    told_on = day(_("Local authorities told on"), _("Leave empty if they are not told yet."), required=False)


class ToldForm(forms.Form):
    told_on = day(_("Local authorities told on"))


# --- programmes ----------------------------------------------------------------------------------------------------


class ProgrammeForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=400)
    year_from = year(_("From the year"))
    year_to = year(_("To the year"))
    act_number = forms.CharField(label=_("Number of the act"), max_length=60)
    act_on = day(_("Date of the act"))
    act_url = web_address(_("Address of the act"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("year_from"), values.get("year_to")
        if first and last and last < first:
            self.add_error("year_to", _("The end must not be earlier than the beginning."))
        return values


class MeasureForm(forms.Form):
    text = forms.CharField(label=_("Measure"), max_length=400)
    service_type = service(required=False)
    year = year(_("Year"))
    amount = sum_field(_("Sum, UAH"), _("Leave empty if the programme does not set it."))
