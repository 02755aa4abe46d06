"""What is filled in about visits: planned, moved, cancelled, concluded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.contract_enums import VisitBasis, VisitState
from procurement.interfaces.form_parts import words_field
from procurement.interfaces.order_forms import day
from procurement.interfaces.private_words import PrivateWordsMixin, words_found
from procurement.models import ChecklistVersion, Contract, Visit


class VisitForm(forms.Form):
    """A visit for the plan."""

    planned_on = day(_("Planned for"))
    basis = forms.ChoiceField(
        label=_("Why the visit"), choices=VisitBasis.choices, widget=forms.RadioSelect, initial=VisitBasis.TURN
    )
    basis_words = forms.CharField(
        label=_("Why, in words"),
        help_text=_("Of a complaint, what it is about; name no person. Of a risk, the cards say it if you do not."),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    follows = forms.ModelChoiceField(
        Visit.objects.none(),
        label=_("Which visit is followed up"),
        required=False,
        empty_label="—",
    )
    team = forms.CharField(
        label=_("Who visits"),
        help_text=_("One person a line: name, position. It is not published."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        done = contract.visits.filter(state=VisitState.CONCLUDED).order_by("-number")
        field = self.fields["follows"]
        field.queryset = done  # type: ignore[attr-defined]
        field.label_from_instance = visit_label  # type: ignore[attr-defined]
        if not done:
            del self.fields["follows"]
            self.fields["basis"].choices = [  # type: ignore[attr-defined]
                pair for pair in VisitBasis.choices if pair[0] != VisitBasis.FOLLOW_UP
            ]

    @property
    def values(self) -> dict[str, Any]:
        told = self.cleaned_data
        follows = told.get("follows")
        return {
            "planned_on": told["planned_on"],
            "basis": told["basis"],
            "basis_words": told["basis_words"],
            "team": team_of(told["team"]),
            "follows_id": follows.pk if follows else None,
        }


class PlanRowForm(forms.Form):
    """One contract in the plan of the year."""

    chosen = forms.BooleanField(label=_("Plan a visit"), required=False)
    planned_on = day(pgettext_lazy("plan of visits", "Day"), required=False)
    basis = forms.ChoiceField(
        label=pgettext_lazy("plan of visits", "Why"),
        choices=[(one.value, one.label) for one in (VisitBasis.TURN, VisitBasis.RISK)],
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("chosen") and not values.get("planned_on") and "planned_on" not in self.errors:
            self.add_error("planned_on", _("Enter the day of the visit."))
        return values


class MoveForm(forms.Form):
    planned_on = day(_("Another day"))
    reason = words_field(_("Why the day is changed"), rows=2, longest=4000)


class CancelForm(forms.Form):
    reason = words_field(_("Why the visit is cancelled"), rows=2, longest=4000)


class ChecklistForm(forms.Form):
    checklist = forms.ModelChoiceField(ChecklistVersion.objects.order_by("code", "-number"), label=_("Checklist"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checklist"].label_from_instance = _checklist_label  # type: ignore[attr-defined]


class ConcludeForm(PrivateWordsMixin, forms.Form):
    """The conclusion; what was written of the findings is looked through with it, for it is published too."""

    conclusion = words_field(
        _("Conclusion of the visit"),
        _("What was looked at and what follows. It is published with the findings. Name no person."),
        rows=6,
    )

    def __init__(self, *args: Any, texts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts

    @property
    def found_in_findings(self) -> list[str]:
        return list(dict.fromkeys(word for text in self.texts for word in words_found(text)))

    @property
    def private_words(self) -> list[str]:
        return list(dict.fromkeys([*super().private_words, *self.found_in_findings]))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if self.found_in_findings and not self.words_are_confirmed:
            words = ", ".join(f"“{word}”" for word in self.found_in_findings)
            self.add_error(
                None,
                _("The findings have what looks like data about people: %(words)s. Mend them in the form of the visit.")
                % {"words": words},
            )
        return values


def team_of(text: str) -> list[dict[str, str]]:
    """Read who visits, a line each: the name, and what follows the first comma."""
    pairs = [line.partition(",") for line in text.splitlines() if line.strip()]
    return [{"name": name.strip(), "position": position.strip()} for name, _comma, position in pairs]


def visit_label(visit: Visit) -> str:
    day = visit.held_on or visit.planned_on
    return str(_("Visit № %(number)d of %(day)s") % {"number": visit.number, "day": f"{day:%d.%m.%Y}"})


def _checklist_label(version: ChecklistVersion) -> str:
    return str(_("%(title)s, version %(number)d") % {"title": version.title, "number": version.number})
