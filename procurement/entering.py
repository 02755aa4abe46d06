"""Who orders services is remembered in the session at sign-in, so that every page of the cabinet leads to the desk."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from procurement import rules

ORDERS: Final = "orders_services"


@receiver(user_logged_in, dispatch_uid="procurement.remember_official")
def remember_official(request: HttpRequest | None, user: Any, **_news: Any) -> None:
    if request is not None and rules.is_commissioning_official(user):
        request.session[ORDERS] = user.pk


def orders_services(request: HttpRequest) -> bool:
    """Say without a query whether the way to the desk is shown; whether the desk opens, its pages ask themselves."""
    return request.user.is_authenticated and request.session.get(ORDERS) == request.user.pk
