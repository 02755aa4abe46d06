"""What is filled in about findings and notices: by officials, by the provider."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.contract_enums import FindingOutcome, NoticeKind, VisitState
from procurement.domain.monitoring.grounds import grounds_of
from procurement.enums import GroundUse
from procurement.interfaces.form_parts import KeyedForm, words_field
from procurement.interfaces.monitoring_forms import visit_label
from procurement.interfaces.order_forms import day
from procurement.interfaces.private_words import PrivateWordsMixin
from procurement.models import Contract, Finding, ProcedureGround, Visit

AGAIN, CLOSED = "again", "closed"


class ReplyForm(PrivateWordsMixin, KeyedForm):
    """What the provider says and shows about a finding."""

    text = words_field(
        _("What has been done"),
        _("What was changed and since when. Everybody reads it beside the finding. Name no recipient."),
    )
    file = forms.FileField(
        label=_("Evidence, if there is any"),
        help_text=_("PDF, a text document, a table, a picture or a signed file. Only officials and you read it."),
        required=False,
    )


class JudgeForm(forms.Form):
    """The result of a finding and what follows."""

    outcome = forms.ChoiceField(
        label=_("Result"),
        choices=FindingOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the result.")},
    )
    follows = forms.ChoiceField(
        label=pgettext_lazy("finding", "What follows"),
        help_text=_("After “eliminated” and “no mechanism” the finding is closed."),
        choices=[
            (AGAIN, _("Another term, the provider replies again")),
            (CLOSED, _("Nothing more is expected: the finding is closed with this result")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    due_on = day(_("Another term: to be eliminated by"), required=False)
    visit = forms.ModelChoiceField(
        Visit.objects.none(),
        label=_("Seen on the visit"),
        required=False,
        empty_label=pgettext_lazy("finding", "not on a visit: by documents"),
    )
    reason = words_field(
        _("What the result rests on"), _("It is sent to the provider and published. Name no person."), rows=4
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Visit.objects.filter(contract=finding.contract_id, held_on__isnull=False).exclude(pk=finding.visit_id)
        field = self.fields["visit"]
        field.queryset = held.order_by("-number")  # type: ignore[attr-defined]
        field.label_from_instance = visit_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("outcome"):
            return values
        if values["outcome"] in FindingOutcome.final:
            values["due_on"] = None
        elif not values.get("follows"):
            self.add_error("follows", _("Say what follows: another term, or the finding is closed."))
        elif values["follows"] == CLOSED:
            values["due_on"] = None
        elif not values.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Enter the day by which it is to be eliminated."))
        return values


class NoticeForm(PrivateWordsMixin, KeyedForm):
    """A warning, or the notice before a termination."""

    kind = forms.ChoiceField(
        label=_("What is sent"),
        choices=NoticeKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is sent.")},
    )
    ground = forms.ModelChoiceField(
        ProcedureGround.objects.none(), label=_("Ground"), empty_label=None, widget=forms.RadioSelect
    )
    findings = forms.ModelMultipleChoiceField(
        Finding.objects.none(),
        label=_("Which findings it is about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = words_field(
        _("What the provider is told"),
        _("What is broken and what is expected. It is published. Name no person."),
        rows=7,
    )
    answer_by = day(_("To be answered by"), _("The last day on which the provider may answer."))

    def __init__(self, *args: Any, contract: Contract, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].queryset = grounds_of(GroundUse.NOTICE, contract, today)  # type: ignore[attr-defined]
        told = Finding.objects.filter(contract=contract, visit__state=VisitState.CONCLUDED).order_by("number")
        field = self.fields["findings"]
        field.queryset = told  # type: ignore[attr-defined]
        field.label_from_instance = _finding_label  # type: ignore[attr-defined]
        if not told:
            del self.fields["findings"]

    @property
    def values(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {
            "kind": told["kind"],
            "ground_id": told["ground"].pk,
            "finding_ids": [one.pk for one in told.get("findings") or ()],
            "text": told["text"],
            "answer_by": told["answer_by"],
            "key": self.press,
        }


class AnswerForm(PrivateWordsMixin, forms.Form):
    text = words_field(
        _("Your answer"), _("Everybody reads it beside the notice. It is given once. Name no recipient."), rows=6
    )


class WithdrawForm(PrivateWordsMixin, forms.Form):
    reason = words_field(_("Why the notice is withdrawn"), _("Everybody reads it."), rows=2)


def _finding_label(finding: Finding) -> str:
    return f"№ {finding.number}: {finding.text[:120]} ({finding.get_state_display()})"
