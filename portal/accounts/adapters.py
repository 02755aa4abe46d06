"""Where the library of sign-in meets the portal: its letters go by the outbox, its rules by ours."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import sessions
from portal.accounts.entrance_letters import LETTERS
from portal.accounts.letters import post
from portal.accounts.second_factor import is_official
from portal.kernel.verification import qr_svg

PATIENCE = _("Too many attempts. Wait a while and try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("The address or the password is wrong."),
        "enter_current_password": _("This is not the present password."),
        "incorrect_code": _("The code is wrong or too old. Enter the one that the application shows now."),
        "incorrect_password": _("The password is wrong."),
        "invalid_password_reset": _("The link is used up or too old."),
        "too_many_login_attempts": PATIENCE,
        "rate_limited": PATIENCE,
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter into the outbox; each of them is news of its own, even to the same person."""
        name = template_prefix.rpartition("/")[2]
        post(f"account:{name}:{uuid.uuid4().hex}", email, LETTERS[name](context))

    def add_message(self, request: Any, level: Any, message_template: str = "", *args: Any, **kwargs: Any) -> None:
        """Say only that an address is confirmed; all else the next page says in its own words."""
        del level, args, kwargs
        if (message_template or "").endswith("/email_confirmed.txt") and not request.user.is_authenticated:
            messages.success(request, _("The address is confirmed. Now sign in."))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before what matters, unless the person has just signed in."""
        if sessions.signed_in_recently(self.request.session, app_settings.REAUTHENTICATION_TIMEOUT):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_password_change_redirect_url(self, request: Any) -> str:
        del request
        return reverse("accounts:security")

    def get_login_redirect_url(self, request: Any) -> str:
        return cabinet_url(request)

    def get_signup_redirect_url(self, request: Any) -> str:
        return cabinet_url(request)


def cabinet_url(request: Any) -> str:
    """Return the address of the cabinet in the language of the page."""
    return "/en/cabinet/" if getattr(request, "LANGUAGE_CODE", "") == "en" else settings.LOGIN_REDIRECT_URL


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("An official cannot switch the second factor off."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_official(authenticator.user)

    def encrypt(self, text: str) -> str:
        """Keep secrets in the database unreadable without the key of this installation."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"portal.accounts.second_factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
