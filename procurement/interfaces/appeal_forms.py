"""What is filled in about appeals and awards: by the bidder, by the official who decides."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.enums import AppealRemedy, AppealScope, GroundUse
from procurement.interfaces.call_forms import GroundForm
from procurement.interfaces.form_parts import KeyedForm, words_field
from procurement.models import AwardDecision

_ABOUT_RESULTS: Final = (AppealScope.SCORING, AppealScope.DECISION)
UPHOLD, DISMISS = "uphold", "dismiss"


class AppealForm(KeyedForm):
    """The form of an appeal; its key makes a second press the same appeal."""

    scope = forms.ChoiceField(
        label=_("What the appeal is about"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the appeal is about.")},
    )
    text = words_field(
        _("What is wrong"),
        _("What happened, when, and which rule you think is broken. It is published with the decision on the appeal."),
    )
    remedy_asked = words_field(_("What you ask for"), _("What the commissioner should do about it."), rows=3)
    file = forms.FileField(
        label=_("File, if there is one"),
        help_text=_("PDF, a text document, a table, a picture or a signed file. Only the officials read it."),
        required=False,
    )

    def __init__(self, *args: Any, decision: AwardDecision | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ = [one for one in AppealScope if decision is not None or one not in _ABOUT_RESULTS]
        self.fields["scope"].choices = [(one.value, one.label) for one in open_]  # type: ignore[attr-defined]


class RefusalForm(forms.Form):
    """Why a winner does not take the award; everybody reads it."""

    reason = words_field(_("Why you refuse"), _("It stands with the results for everybody. Name no person."), rows=3)


class LapseForm(forms.Form):
    reason = words_field(
        _("What happened"), _("When the contract was offered and that it was not signed. Everybody reads it."), rows=3
    )


class LeavingForm(GroundForm):
    """Why an appeal is not considered: a typed ground and words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, use=GroundUse.LEAVING, **kwargs)
        self.fields["reason"].help_text = _("It is sent to the complainant and published.")


class JudgingForm(forms.Form):
    """Whether an appeal is upheld, what follows, and why."""

    outcome = forms.ChoiceField(
        label=_("Decision on the appeal"),
        choices=[(UPHOLD, _("Uphold: the appeal is right")), (DISMISS, _("Dismiss: the appeal is not right"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the appeal is upheld.")},
    )
    remedy = forms.ChoiceField(
        label=pgettext_lazy("appeal", "What follows if it is upheld"),
        help_text=_("Anew: this round is annulled, its awards are taken back and the commission begins again."),
        choices=[],
        required=False,
        widget=forms.RadioSelect,
    )
    answer = words_field(
        _("Decision in words, with its reasons"),
        _("What was found, by which rule, and what follows. It is sent to the complainant and published."),
        rows=8,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remedy"].choices = AppealRemedy.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("outcome") == UPHOLD and not values.get("remedy") and "remedy" not in self.errors:
            self.add_error("remedy", _("Choose what follows from the upheld appeal."))
        return values

    @property
    def is_upheld(self) -> bool:
        return bool(self.cleaned_data["outcome"] == UPHOLD)
