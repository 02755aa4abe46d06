"""What an official fills in about a commission, its act, its members and its sittings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.enums import MemberRole
from procurement.interfaces.call_timetable import MOMENT_INPUT
from procurement.interfaces.interest_desk import InterestLine
from procurement.interfaces.interest_forms import checked_code, code_field
from procurement.interfaces.order_forms import day, web_address
from procurement.interfaces.specification_forms import long_field
from procurement.models import Commissioner, CommissionMember, CompetitionCommission
from registry.models import Territory

ACT = ("title", "act_number", "act_on", "act_body", "act_url")
MEMBER = ("name", "email", "role", "position", "body", "body_code")


class StartForm(forms.Form):
    commissioner = forms.ModelChoiceField(Commissioner.objects.none(), label=_("Who orders"), empty_label=None)
    title = forms.CharField(
        label=_("Name of the commission"),
        help_text=_("As the act names it, for example: competition commission for social services."),
        max_length=300,
    )

    def __init__(self, *args: Any, hromada: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Commissioner.objects.filter(hromada=hromada).select_related("organisation")
        self.fields["commissioner"].queryset = rows  # type: ignore[attr-defined]
        if len(rows) == 1:
            self.fields["commissioner"].initial = rows[0].pk
            self.fields["commissioner"].widget = forms.HiddenInput()


class ActForm(forms.Form):
    """The name and the appointing act; the act may be filled in later."""

    title = forms.CharField(label=_("Name of the commission"), max_length=300)
    act_number = forms.CharField(label=_("Number of the appointing act"), max_length=60, required=False)
    act_on = day(_("Date of the appointing act"), required=False)
    act_body = forms.CharField(
        label=_("Who appointed"), help_text=_("For example: the executive committee."), max_length=300, required=False
    )
    act_url = web_address(_("Address of the appointing act"))

    @staticmethod
    def of(commission: CompetitionCommission) -> dict[str, Any]:
        return {name: getattr(commission, name) for name in ACT}


class MemberForm(forms.Form):
    name = forms.CharField(label=_("Surname, name and patronymic"), max_length=200)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The member works here through an account of this address. It is not published."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role in the commission"),
        choices=MemberRole.choices,
        initial=MemberRole.MEMBER,
        widget=forms.RadioSelect,
    )
    position = forms.CharField(label=_("Position"), max_length=300, required=False)
    body = forms.CharField(
        label=_("Body or organisation"),
        help_text=_("Where the member works, or whom they speak for."),
        max_length=300,
        required=False,
    )
    body_code = code_field(
        _("EDRPOU code of the body"),
        _("Eight digits. By it the portal sees at once if the body applies; the code is not published."),
    )

    def clean_body_code(self) -> str:
        return checked_code(self.cleaned_data["body_code"])

    @staticmethod
    def of(member: CommissionMember) -> dict[str, Any]:
        return {name: getattr(member, name) for name in MEMBER}


class LaterMemberForm(MemberForm):
    """A member who enters an appointed commission: by what act, and since when."""

    act_number = forms.CharField(label=_("Number of the act that names the member"), max_length=60)
    act_on = day(_("Date of the act"))
    since = day(_("Member since"), _("If left empty: since the day of the act."), required=False)

    field_order = ("act_number", "act_on", "since")


class EndForm(forms.Form):
    until = day(_("Member until"))
    reason = long_field(_("By what act and why?"), _("Everybody will read it: no personal facts."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class DissolveForm(forms.Form):
    reason = long_field(_("By what act and why?"), _("Everybody will read it beside the commission."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class AssignForm(forms.Form):
    commission = forms.ModelChoiceField(
        CompetitionCommission.objects.none(),
        label=_("Which commission evaluates?"),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, commissions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commission"].queryset = commissions  # type: ignore[attr-defined]


class SittingForm(forms.Form):
    at = forms.DateTimeField(
        label=_("When was the sitting?"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=MOMENT_INPUT),
        input_formats=[MOMENT_INPUT],
    )
    place = forms.CharField(
        label=_("Where?"), help_text=_("A room, or the address of the call."), max_length=300, required=False
    )
    agenda = long_field(_("What was it about?"), rows=3)
    present = forms.MultipleChoiceField(label=_("Who came?"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, lines: list[InterestLine], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines, self.fields["at"].initial = lines, now
        able = [(str(one.member.pk), one.member.name) for one in lines if not one.is_barred]
        self.fields["present"].choices = able  # type: ignore[attr-defined]

    @property
    def came(self) -> dict[int, bool]:
        chosen = set(self.cleaned_data["present"])
        return {one.member.pk: str(one.member.pk) in chosen for one in self.lines}

    @property
    def people(self) -> list[tuple[InterestLine, bool]]:
        """The members with whether they are ticked, as the page draws them."""
        ticked = {str(one) for one in self["present"].value() or ()}
        return [(one, str(one.member.pk) in ticked) for one in self.lines]
