"""What the portal writes about sign-in itself, by the names under which the library asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter

Context = dict[str, Any]


def _confirm(context: Context) -> Letter:
    return Letter(
        _("Confirm your e-mail address"),
        (_("Somebody, most likely you, gave this address to the register of social services. Confirm it to sign in."),),
        Action(_("Confirm the address"), context["activate_url"]),
        (_("If it was not you, do nothing: without confirmation nobody signs in with this address."),),
    )


def _already_known(context: Context) -> Letter:
    return Letter(
        _("You already have an account"),
        (
            _("Somebody, most likely you, asked for an account with this address. There is one already: just sign in."),
            _("If you do not remember the password, set a new one."),
        ),
        Action(_("Set a new password"), context["password_reset_url"]),
    )


def _unknown(context: Context) -> Letter:
    return Letter(
        _("There is no account with this address"),
        (_("Somebody asked for a new password for this address, but the portal does not know it."),),
        Action(_("Create an account"), context["signup_url"]),
        (_("If it was not you, do nothing."),),
    )


def _reset(context: Context) -> Letter:
    return Letter(
        _("Set a new password"),
        (_("Somebody, most likely you, asked for a new password for this address. The link works once."),),
        Action(_("Set a new password"), context["password_reset_url"]),
        (_("If it was not you, do nothing: the password stays as it is."),),
    )


def _password_changed(context: Context) -> Letter:
    del context
    return _notice(_("Your password was changed"), _("The password of your account was changed. Other sessions ended."))


def _codes_on(context: Context) -> Letter:
    del context
    return _notice(_("The second factor is on"), _("From now on sign-in asks for a code of your application."))


def _codes_off(context: Context) -> Letter:
    del context
    return _notice(_("The second factor is off"), _("From now on sign-in asks for the password alone."))


def _recovery(context: Context) -> Letter:
    del context
    return _notice(
        _("New recovery codes"), _("New recovery codes were made for your account. The old ones do not work.")
    )


def _notice(subject: str, text: str) -> Letter:
    return Letter(subject, (text, _("If it was not you, set a new password at once and tell the administrator.")))


LETTERS: Final[dict[str, Callable[[Context], Letter]]] = {
    "email_confirmation": _confirm,
    "email_confirmation_signup": _confirm,
    "account_already_exists": _already_known,
    "unknown_account": _unknown,
    "password_reset_key": _reset,
    "password_reset": _password_changed,
    "password_changed": _password_changed,
    "password_set": _password_changed,
    "totp_activated": _codes_on,
    "totp_deactivated": _codes_off,
    "recovery_codes_generated": _recovery,
}
