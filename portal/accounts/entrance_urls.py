"""Sign-up, sign-in, passwords and the second factor: the library's views that the portal uses, under its names."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as application
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

_TO_SECURITY = RedirectView.as_view(pattern_name="accounts:security")

urlpatterns = [
    path("signup/", account.signup, name="account_signup"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-factor/", factor.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/set-up/", application.activate_totp, name="mfa_activate_totp"),
    path("second-factor/switch-off/", application.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    # names under which the library looks for pages that are one page here
    path("second-factor/all/", _TO_SECURITY, name="mfa_index"),
    path("address/", _TO_SECURITY, name="account_email"),
    path("password/set/", RedirectView.as_view(pattern_name="account_reset_password"), name="account_set_password"),
]

# codes, keys and addresses stand on these pages: no store keeps any of them
for _one in urlpatterns:
    _one.callback = never_cache(_one.callback)
