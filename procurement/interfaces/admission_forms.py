"""What an official fills in about the admission of a proposal: checks item by item, a request, reasons, defences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.reference import in_language
from procurement.enums import CheckResult
from procurement.interfaces.call_timetable import MOMENT_INPUT, refuse_other_times
from procurement.models import AdmissionCheck

LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class CheckRow:
    """An item of the list: its words, what the portal found (`CheckResult` and words, or nothing), its two fields."""

    code: str
    text: str
    found: tuple[CheckResult, str] | None
    result: forms.BoundField
    note: forms.BoundField


class ChecksForm(forms.Form):
    """The frozen list of checks; nothing is obligatory until a decision is taken."""

    def __init__(
        self,
        data: Any = None,
        *,
        items: Sequence[Mapping[str, Any]],
        checks: Sequence[AdmissionCheck],
        found: Mapping[str, tuple[str, str]],
    ) -> None:
        super().__init__(data)
        self.items, self.found = items, found
        known = {one.code: one for one in checks}
        for item in items:
            code, text = item["code"], _text(item)
            kept = known.get(code)
            self.fields[f"result-{code}"] = forms.ChoiceField(
                label=text,
                choices=CheckResult.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=kept.result if kept else "",
            )
            self.fields[f"note-{code}"] = forms.CharField(
                label=_("Note"),
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea({"rows": 2}),
                initial=kept.note if kept else "",
            )

    @property
    def rows(self) -> list[CheckRow]:
        return [
            CheckRow(
                item["code"],
                _text(item),
                _found(self.found.get(item["code"])),
                self[f"result-{item['code']}"],
                self[f"note-{item['code']}"],
            )
            for item in self.items
        ]

    @property
    def results(self) -> dict[str, dict[str, str]]:
        """What `admission.save_checks` takes."""
        values = self.cleaned_data
        return {
            item["code"]: {"result": values[f"result-{item['code']}"], "note": values[f"note-{item['code']}"]}
            for item in self.items
        }


class ReconsiderForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is taken up again"),
        help_text=_("It stays written down with the steps of this proposal."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that may be named: its path, its name, what it says now."""

    path: str
    label: str
    value: str


class AskForm(forms.Form):
    """A request to clarify named fields; the moment is asked for only where no term is set."""

    named = forms.MultipleChoiceField(
        label=_("Which fields are to be clarified?"), widget=forms.CheckboxSelectMultiple, required=True
    )
    text = forms.CharField(
        label=_("What is to be clarified"),
        help_text=_("The applicant reads it now, everybody together with the results."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(
        self, *args: Any, groups: Sequence[tuple[str, Sequence[Choice]]], has_term: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups
        named: Any = self.fields["named"]
        named.choices = [(one.path, one.label) for _title, choices in groups for one in choices]
        if not has_term:
            self.fields["due_at"] = moment_field(
                _("Until when the answer is awaited"),
                _("No term is set in the reference table, so you name the moment. At that very moment it is too late."),
            )

    @property
    def chosen(self) -> list[str]:
        """The paths that are ticked, whatever else is wrong."""
        told = self["named"].value()
        return [str(one) for one in told] if isinstance(told, list | tuple) else []

    @property
    def rest(self) -> list[forms.BoundField]:
        """The fields after the list of what may be named."""
        return [field for field in self if field.name != "named"]


class ScheduleForm(forms.Form):
    """When and where a proposal is defended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"] = moment_field(_("When"), _("The applicant is told by letter."))
        self.fields["place"] = forms.CharField(label=_("Place, or address of the call"), max_length=300)


class RecordForm(forms.Form):
    """How the defence went."""

    held = forms.ChoiceField(
        label=_("How did it go?"),
        choices=[("yes", _("The defence was held")), ("no", _("The applicant did not come"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was asked and answered"),
        help_text=_("It goes into the minutes. Name no person's private details."),
        required=False,
        max_length=20000,
        widget=forms.Textarea({"rows": 8}),
    )


def moment_field(label: Any, help_text: Any) -> forms.DateTimeField:
    """Return a field for a moment, typed to the minute in Kyiv."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT_INPUT),
        input_formats=[MOMENT_INPUT],
        validators=[refuse_other_times],
    )


def _text(item: Mapping[str, Any]) -> str:
    return in_language(str(item.get("text_uk", "")), str(item.get("text_en", "")))


def _found(told: tuple[str, str] | None) -> tuple[CheckResult, str] | None:
    return (CheckResult(told[0]), told[1]) if told else None
