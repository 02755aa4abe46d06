"""The form by which a question about an announcement is asked: its text, and for whom, which nobody is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.rules import mandates_of

LONGEST_QUESTION: Final = 4_000


class QuestionForm(forms.Form):
    """`key` makes a second press of the button the same question."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea({"rows": 7}),
        error_messages={
            "required": _("Write what you want to ask."),
            "max_length": _("The question is longer than %(limit_value)d characters: it has %(show_value)d."),
        },
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("On behalf of"),
        required=False,
        empty_label=_("only for myself"),
        error_messages={"invalid_choice": _("You do not act for this organisation.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, user: Any, now: datetime) -> None:
        super().__init__(data)
        held = mandates_of(user, timezone.localdate(now)).values("organisation")
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=held).order_by("name", "pk")  # type: ignore[attr-defined]
        self.fresh_key = uuid4()

    @property
    def sent_key(self) -> UUID | str:
        """The key that the page carries: the one that was sent, so that a corrected question is the same press."""
        sent = self.data.get("key") if self.is_bound else None
        try:
            return UUID(str(sent)) if sent else self.fresh_key
        except ValueError:
            return self.fresh_key
