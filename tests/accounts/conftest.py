import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.kernel.models import OutboxMessage
from portal.site.management.commands.second_factor_code import code_of
from tests.factories.accounts import PASSWORD, SECRET


@pytest.fixture(autouse=True)
def database(db) -> None:
    """Every test here is about people, and people are rows."""


@pytest.fixture
def letters(db) -> Callable[..., list[dict]]:
    """Return a function that gives the letters waiting for an address, oldest first."""

    def waiting(email: str) -> list[dict]:
        found = OutboxMessage.objects.filter(kind="mail").order_by("pk")
        return [message.payload for message in found if message.payload["to"] == [email]]

    return waiting


@pytest.fixture
def link_of() -> Callable[[dict], str]:
    """Return a function that gives the path of the link that a letter asks to open."""

    def path(letter: dict) -> str:
        return re.search(r"^https?://[^/\s]+(/\S*)$", letter["text"], re.MULTILINE).group(1)

    return path


@pytest.fixture
def sign_in(db) -> Callable[..., Client]:
    """Return a function that signs a person in by the pages, with a code when the account asks for one."""

    def enter(user: User, *, code: str = "", client: Client | None = None) -> Client:
        client = client or Client()
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        if "_auth_user_id" not in client.session:
            client.post(reverse("mfa_authenticate"), {"code": code or code_of(SECRET)})
        return client

    return enter
