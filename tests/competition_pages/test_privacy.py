"""What is nobody's business stays so in every channel of competitions: list, page, versions, paper, questions, search."""

import base64
import io
from datetime import timedelta
from uuid import uuid4

import pypdf
import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.kernel.visibility import Audience, check_declarations, declared, public_view
from procurement.domain.calls.questions import ask
from procurement.models import Proposal
from procurement.visibility import public_fields
from search.checks import check_models
from search.indexing import rebuild
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.ordering import make_official_who_orders
from tests.factories.procurement import answer, change, make_published
from tests.search.indexes import live

__all__ = ["live"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()
BIDDER, ASKER_OF = "ТОВ «Потаємний учасник»", "ГО «Потаємні запитувачі»"
PRESS = "натиск-кнопки-1"


@pytest.fixture
def competition():
    """Return a competition with a question, two versions, and a proposal that somebody has begun."""
    official = make_official_who_orders(email="hidden.official@gov.example")
    official.first_name, official.last_name = "Прихована", "Посадовиця"
    official.save()
    one = make_published(user=official, now=NOW - timedelta(days=3), key=PRESS)
    asker, theirs = make_person("hidden.asker@provider.example", first_name="Скрита", last_name="Авторка"), ASKER_OF
    organisation = make_organisation(name=theirs)
    make_mandate(asker, organisation)
    question = ask(
        competition_id=one.pk,
        user=asker,
        organisation_id=organisation.pk,
        text="Чи є пандус?",
        key=uuid4(),
        now=NOW - timedelta(days=2),
    )
    answer(question, user=official, now=NOW - timedelta(days=1))
    change(one, user=official, now=NOW - timedelta(days=1))
    Proposal.objects.create(
        competition=one,
        organisation=make_organisation(name=BIDDER),
        draft=b"nothing to read",
        draft_key=b"k",
        competition_version=one.versions.get(number=1),
        created_by=asker,
        created_at=NOW,
        saved_at=NOW,
    )
    one.refresh_from_db()
    return one


def secrets_of(competition) -> list[str]:
    key = bytes(competition.wrapped_key)
    asked = competition.questions.get()
    names = ["hidden.official", "Прихована", "Посадовиця", "hidden.asker", "Скрита", "Авторка"]
    keys = [key.hex(), base64.b64encode(key).decode(), str(asked.asking_key), PRESS]
    return [*names, *keys, "Потаємний учасник", "Потаємні запитувачі"]


def addresses(competition) -> list[str]:
    at = [reverse(f"procurement:{name}", args=[competition.number]) for name in ("competition", "notice")]
    for version in (1, 2):
        at += [
            reverse(f"procurement:{name}", args=[competition.number, version]) for name in ("version", "version_notice")
        ]
    lists = [reverse("procurement:competitions"), reverse("procurement:sealing"), "/", "/search/?q=догляд"]
    questions = [f"{reverse('procurement:competitions')}?q={word}" for word in ("Потаємний", "Посадовиця", "Авторка")]
    more = ["feed", "calendar"]
    lists += [reverse(f"procurement:{name}") for name in more]
    at.append(reverse("procurement:competition_calendar", args=[competition.number]))
    found = [*at, *lists, *questions]
    return [*found, *(f"/en{address}" for address in found)]


def text_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    return body.decode()


@pytest.mark.parametrize("reader", ["anybody", "bidder", "administrator", "auditor"])
def test_no_channel_tells_who_asked_or_bids_or_what_opens(competition, live, reader):
    rebuild(live)
    client = Client()
    if reader != "anybody":
        client.force_login(make_person() if reader == "bidder" else make_official(reader))

    leaks = {}
    for address in addresses(competition):
        response = client.get(address)
        assert response.status_code == 200, address
        text = text_of(response).replace(address.partition("?q=")[2] or "\0", "")
        if found := [secret for secret in secrets_of(competition) if secret in text]:
            leaks[address] = found

    assert leaks == {}


def test_index_knows_what_is_announced_and_nothing_else(competition, live):
    rebuild(live)
    told = [str(data) for data in live.everything() if "ompetition" in str(data)]

    assert len(told) == 1
    assert [secret for secret in secrets_of(competition) if secret in told[0]] == []


def test_every_field_of_every_model_is_decided_about():
    assert [str(problem) for problem in check_declarations() if "procurement" in str(problem)] == []
    assert [str(problem) for problem in check_models() if "procurement" in str(problem)] == []
    for model in apps.get_app_config("procurement").get_models():
        assert declared(model._meta.label), model


def test_nothing_of_a_proposal_is_public():
    for name in ("Proposal", "ProposalRevision", "ProposalStep", "ProposalLot", "SealedFile", "CoApplicant", "Alert"):
        assert set(declared(f"procurement.{name}").values()) == {Audience.NOBODY}, name
        assert list(public_fields(name)) == []


def test_public_fields_of_a_question_do_not_lead_to_a_person(competition):
    question = competition.questions.get()
    fields = [field.name for field in question._meta.concrete_fields]

    assert set(fields) - set(public_view("procurement.Question", question, fields)) == {
        "id",
        "asked_by",
        "organisation",
        "asking_key",
        "answered_by",
    }
