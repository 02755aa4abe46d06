"""What the official fills in about minutes and the decision: why minutes are withdrawn; the order, its ground."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.enums import GroundUse
from procurement.interfaces.order_forms import day, web_address
from procurement.models import Competition, ProcedureGround
from procurement.queries.commissioning import grounds_for


class AwardForm(forms.Form):
    """The order; ground and reason are asked for when there is no winner, or another decision is superseded."""

    act_number = forms.CharField(label=_("Number of the order"), max_length=60)
    act_on = day(_("Date of the order"))
    act_url = web_address(_("Address of the order"))
    ground = forms.ModelChoiceField(
        ProcedureGround.objects.none(), label=_("Ground"), empty_label=None, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason, in words"),
        help_text=_("It is published with the decision. Name no person."),
        max_length=4000,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(
        self,
        *args: Any,
        competition: Competition,
        uses: Sequence[GroundUse],
        needs_reason: bool,
        on: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not uses:
            del self.fields["ground"]
            del self.fields["reason"]
            return
        rows = ProcedureGround.objects.none()
        for use in uses:
            rows = rows | grounds_for(use, competition.procedure, on)
        self.fields["ground"].queryset = rows.order_by("use", "order", "slug")  # type: ignore[attr-defined]
        self.fields["reason"].required = needs_reason

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `decisions.decide`."""
        told = self.cleaned_data
        ground = told.get("ground")
        return {
            "act_number": told["act_number"],
            "act_on": told["act_on"],
            "act_url": told["act_url"],
            "ground_id": ground.pk if ground else None,
            "reason": told.get("reason", ""),
        }


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are the minutes withdrawn?"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
