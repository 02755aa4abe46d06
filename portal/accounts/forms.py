"""Forms of sign-in in the portal's words, and the checks that every way of giving a second factor shares."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import lockout
from portal.accounts.second_factor import use_code_once

PASSWORD_HINT = _("At least ten characters, not only digits, not one that many people use.")
ADDRESS_HINT = _("For example, olena@example.org")
APPLICATION_HINT = _("Six digits that your application shows now, or one of your recovery codes.")


class PlainMixin(forms.Form):
    """Labels and hints in our words; no placeholders, which vanish when they are needed."""

    words: dict[str, tuple[Any, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignInForm(PlainMixin, account.LoginForm):
    words = {"login": (_("E-mail"), ""), "password": (_("Password"), "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignUpForm(PlainMixin, account.SignupForm):
    first_name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "given-name"}))
    last_name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "family-name"}))
    field_order = ["email", "first_name", "last_name", "password1"]
    words = {
        "email": (_("E-mail"), _("We will send a letter there; without it nobody can sign in.")),
        "first_name": (_("First name"), ""),
        "last_name": (_("Last name"), _("Those who decide on your mandate see it.")),
        "password1": (_("Password"), PASSWORD_HINT),
    }


class AskForResetForm(PlainMixin, account.ResetPasswordForm):
    words = {"email": (_("E-mail"), ADDRESS_HINT)}


class NewPasswordMixin(PlainMixin):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_HINT


class NewPasswordForm(NewPasswordMixin, account.ResetPasswordKeyForm):
    words = {"password1": (_("New password"), ""), "password2": (_("The same once more"), "")}


class ChangePasswordForm(NewPasswordMixin, account.ChangePasswordForm):
    words = {"oldpassword": (_("Present password"), ""), **NewPasswordForm.words}


class PasswordAgainForm(PlainMixin, account.ReauthenticateForm):
    words = {"password": (_("Password"), "")}


class CodeMixin(PlainMixin):
    """A second factor counts against the lock-out of the account, and a code of the application works once."""

    words = {"code": (_("Code"), APPLICATION_HINT)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.fields["code"].max_length = 40

    def clean_code(self) -> str:
        if lockout.is_locked(context.request, self.user):
            raise ValidationError(_("Too many attempts. Wait a while and try again."))
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        try:
            code = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            lockout.count_failure(context.request, self.user)
            raise
        found = self.authenticator
        if found.type == Authenticator.Type.TOTP and not use_code_once(found, code):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        return code


class SecondFactorForm(CodeMixin, factor.AuthenticateForm):
    pass


class SecondFactorAgainForm(CodeMixin, factor.ReauthenticateForm):
    pass


class ActivateForm(PlainMixin, ActivateTOTPForm):
    words = {"code": (_("Code"), _("Six digits that the application shows after it has read the picture."))}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
