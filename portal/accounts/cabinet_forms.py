"""What people fill in about organisations and each other."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import MandateScope, PersonType
from portal.kernel.identifiers import clean_edrpou, clean_rnokpp
from portal.kernel.models import StoredDocument

SCOPES = (
    (MandateScope.REPRESENTATIVE.value, _("Representative: prepares, signs, and says who else may")),
    (MandateScope.SIGNATORY.value, _("Signatory: prepares and signs")),
    (MandateScope.EDITOR.value, _("Editor: prepares, signs nothing")),
)
KINDS = (
    (PersonType.LEGAL_ENTITY.value, _("Organisation, institution or enterprise")),
    (PersonType.SOLE_PROPRIETOR.value, _("Sole proprietor")),
)
_SALT = "accounts.claim.evidence"


class CodeForm(forms.Form):
    """Which organisation it is about."""

    person_type = forms.ChoiceField(
        label=_("Whom do you speak for?"), choices=KINDS, initial=KINDS[0][0], widget=forms.RadioSelect
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Eight digits of the EDRPOU of an organisation, or ten digits of the RNOKPP of a sole proprietor."),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    @property
    def is_person(self) -> bool:
        return self.cleaned_data.get("person_type") == PersonType.SOLE_PROPRIETOR

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if code := values.get("code"):
            try:
                values["code"] = clean_rnokpp(code) if self.is_person else clean_edrpou(code)
            except ValidationError as error:
                self.add_error("code", error)
        return values


class ClaimForm(CodeForm):
    """By what right the person speaks for it; a proof that was taken once is kept while the rest is mended."""

    name = forms.CharField(label=_("Full name"), max_length=500, required=False)
    scope = forms.ChoiceField(label=_("In what role?"), choices=SCOPES, widget=forms.RadioSelect)
    statement = forms.CharField(
        label=_("By what right?"),
        help_text=_("For example: director by the order of 3 March; chair of the board; power of attorney No. 12."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
    )
    evidence = forms.FileField(
        label=_("Proof"),
        help_text=_(
            "An order, an extract, a power of attorney: PDF, a picture or a signed file. Officials alone see it. "
            "Not obligatory, but without it the registrar may refuse."
        ),
        required=False,
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def kept_document(self, user: Any) -> StoredDocument | None:
        """Return the proof that this person gave with an earlier try of the form."""
        try:
            pk = signing.loads(self.data.get("kept", ""), salt=_SALT)
        except signing.BadSignature:
            return None
        return StoredDocument.objects.filter(pk=pk, uploaded_by=user).first()


def keep(document: StoredDocument | None) -> str:
    return signing.dumps(str(document.pk), salt=_SALT) if document else ""


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The invitation works for this address alone."), max_length=254
    )
    scope = forms.ChoiceField(label=_("Role"), choices=SCOPES[::-1], widget=forms.RadioSelect)
    valid_to = forms.DateField(
        label=_("The mandate ends on"),
        help_text=_("Leave empty if it has no end."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


class GroundForm(forms.Form):
    ground = forms.CharField(
        label=_("Why?"),
        help_text=_("The person will read it."),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
