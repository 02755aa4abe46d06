"""Providers at their cabinet: one organisation with a draft, its people, and a stranger."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Organisation, User
from registry.domain.examination import ask_correction, take_application
from registry.models import Application
from tests.cabinet.submission import submit
from tests.factories.accounts import make_official, make_organisation
from tests.factories.applications import NOW, fill, make_criteria, make_draft, make_representative, make_rules
from tests.factories.registry import make_catalogue, make_territories, next_edrpou


@dataclass
class Cabinet:
    """`client` is signed in as the representative, `colleague` as an editor of the same organisation."""

    organisation: Organisation
    user: User
    client: Client
    draft: Application
    colleague: Client
    colleague_user: User
    stranger: Client
    extra: dict[str, Any] = field(default_factory=dict)

    def url(self, path: str = "") -> str:
        return f"/cabinet/applications/{self.draft.pk}/{path}"

    @property
    def content(self) -> dict[str, Any]:
        self.draft.refresh_from_db()
        return self.draft.content


@pytest.fixture
def cabinet(db, sign_in) -> Cabinet:
    make_territories(), make_catalogue(), make_criteria(), make_rules()
    organisation = make_organisation(code=next_edrpou(), name="ГО «Турбота»")
    user = make_representative(organisation)
    colleague = make_representative(organisation, "editor")
    other = make_representative(make_organisation(code=next_edrpou(), name="ГО «Чужа»"))
    draft = make_draft(organisation=organisation, user=user)
    return Cabinet(organisation, user, sign_in(user), draft, sign_in(colleague), colleague, sign_in(other))


@pytest.fixture
def full(cabinet) -> Cabinet:
    """Return the cabinet with a draft that may be submitted."""
    cabinet.draft = fill(cabinet.draft)
    return cabinet


@pytest.fixture
def registrar(db):
    return make_official("registrar", make_territories().poltavska)


@pytest.fixture
def asked(full, registrar):
    """Return the cabinet with an application whose registrar asked for a correction."""
    submit(full)
    full.draft.refresh_from_db()
    take_application(application_id=full.draft.pk, user=registrar, now=NOW + timedelta(hours=1))
    ask_correction(
        application_id=full.draft.pk,
        user=registrar,
        fields=["services/1/content", "criteria/1/founding/statement"],
        comment="Напишіть докладніше.",
        now=NOW + timedelta(hours=2),
    )
    full.draft.refresh_from_db()
    return full
