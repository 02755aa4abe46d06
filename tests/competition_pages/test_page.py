"""The page of a competition: what is ordered, every date with its reason, questions without who asked, versions."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.kernel import audit
from procurement.domain.calls.calling import publish
from procurement.domain.calls.documents import add_document
from procurement.domain.calls.timeline import timeline
from procurement.models import Competition, Question
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.ordering import make_official_who_orders, make_specification
from tests.factories.procurement import (
    NOTICE,
    answer,
    change,
    extend,
    make_call,
    make_cancelled,
    make_closed,
    make_published,
    make_question,
    make_void,
)
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


def url(competition: Competition, name: str = "competition", *more) -> str:
    return reverse(f"procurement:{name}", args=[competition.number, *more])


def shown(competition: Competition, client: Client | None = None, name: str = "competition", *more) -> str:
    response = (client or Client()).get(url(competition, name, *more))
    assert response.status_code == 200
    return words(response)


def words(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.replace("&nbsp;", " ").replace("\xa0", " ").split())


def test_page_says_everything_that_was_announced():
    competition = make_published(now=NOW)
    text = shown(competition)

    specification = competition.lots.get().specification
    for said in (
        competition.title,
        competition.number,
        competition.commissioner.organisation.name,
        competition.commissioner.organisation.code,
        competition.commissioner.address,
        "648 000 грн",
        "324 000 грн",
        specification.content,
        specification.categories,
        specification.standard,
        specification.quality,
        specification.tariff_act,
        "Догляд вдома",
        "Особи похилого віку",
        "1 800",
        *(str(value) for name, value in NOTICE.items() if name not in ("budget_limit", "contact_phone")),
    ):
        assert said in text, said


def test_each_date_has_its_reason_and_its_citation():
    make_profile(proposals_window=15)
    competition = make_published(now=NOW)
    text = shown(competition)

    for line in timeline(competition, NOW):
        assert all(said in text for said in (*line.why, *line.citations)), line.point
    assert "п. 7" in text


def test_term_that_is_not_set_is_said_not_to_be_set():
    competition = make_published(now=NOW)
    closes = next(line for line in timeline(competition, NOW) if line.point == "closes_at")

    assert closes.due is None
    assert all(sentence in shown(competition) for sentence in closes.why)


def test_draft_of_a_standard_is_said_to_be_a_draft():
    one = make_specification(standard="Проєкт стандарту", standard_is_draft=True)
    competition = make_published(now=NOW, lots=[one])

    with translation.override("en"):
        assert "a draft, not adopted" in words(Client().get("/en" + url(competition).removeprefix("/en")))


def test_invented_competition_is_marked():
    assert "вигадан" in shown(make_published(now=NOW, is_demo=True)).casefold()


@pytest.mark.parametrize("make", [make_cancelled, make_void])
def test_ground_and_reason_of_the_end_stand_on_top(make):
    competition = make(now=NOW - 60 * DAY)
    text = shown(competition)

    assert competition.end_reason in text
    assert competition.end_ground.text in text
    assert text.index(competition.end_reason) < text.index(competition.commissioner.address)


def test_draft_and_unknown_number_are_not_found(client):
    draft = make_call(now=NOW)

    assert client.get(reverse("procurement:competition", args=["2027-99999"])).status_code == 404
    assert client.get(reverse("procurement:competition", args=["x" * 300])).status_code == 404
    assert client.get(reverse("procurement:competition", args=[str(draft.pk)])).status_code == 404
    assert client.get(reverse("procurement:version", args=["2027-99999", 1])).status_code == 404


def test_submitting_is_offered_only_while_proposals_are_accepted(client):
    open_one = make_published(now=NOW - DAY)
    start = reverse("proposals:start", args=[open_one.number])
    assert start in client.get(url(open_one)).content.decode()

    closed = make_closed(now=NOW - 40 * DAY + timedelta(hours=1), hromada=_other_hromada())
    assert reverse("proposals:start", args=[closed.number]) not in client.get(url(closed)).content.decode()


def _other_hromada():
    from tests.factories.registry import make_territories

    return make_territories().odesa_hromada


def test_question_and_answer_are_public_and_who_asked_is_not():
    competition = make_published(now=NOW - 2 * DAY)
    person = make_person(first_name="Потаємна", last_name="Запитувачка")
    question = make_question(competition, user=person, text="Чи потрібен гараж?", now=NOW - DAY)
    text = shown(competition)

    assert "Чи потрібен гараж?" in text
    assert _("When the answer is due is not set in the reference table.") in text
    answer(question, user=competition.created_by, text="Ні, не потрібен.", now=NOW)
    text = shown(competition)
    assert "Ні, не потрібен." in text
    for secret in ("Потаємна", "Запитувачка", person.email, competition.created_by.email):
        assert secret not in text


def test_version_page_says_what_has_changed(client):
    competition = make_published(now=NOW - 2 * DAY)
    old = competition.requirements
    change(competition, now=NOW - DAY, requirements="Досвід не менше року.")
    text = shown(competition, client, "version", 2)

    assert text.index(old) < text.rindex("Досвід не менше року.")
    assert old in shown(competition, client, "version", 1)
    assert "Досвід не менше року." not in shown(competition, client, "version", 1)
    assert client.get(url(competition, "version", 3)).status_code == 404
    assert "Уточнено за запитаннями учасників." in shown(competition, client)


def test_moved_dates_are_told_old_and_new():
    competition = make_published(now=NOW - 2 * DAY)
    before = competition.closes_at
    after = extend(competition, 4 * DAY, now=NOW - DAY).closes_at
    text = shown(competition)

    for moment in (before, after):
        local = timezone.localtime(moment)
        assert f"{local:%H:%M}" in text
        assert f"{local.day} " in text


def test_digests_of_the_log_are_shown_and_nothing_else_of_submissions():
    competition = make_published(now=NOW - 2 * DAY)
    digest = "ab" * 32
    with transaction.atomic():
        for tag, payload in (("submit", {"commitment": digest}), ("withdraw", {"commitment": "cd" * 32})):
            audit.append(
                tag=f"procurement:proposal:{tag}",
                subject=f"procurement.competition:{competition.number}",
                payload=payload,
                actor_role="bidder",
                at=NOW - DAY,
            )
    text = shown(competition)

    assert digest in text
    assert "cd" * 32 not in text


def test_files_of_the_announcement_are_everybodys_and_of_a_draft_nobodys(client):
    official = make_official_who_orders()
    draft = make_call(user=official, now=NOW)
    same = {"competition_id": draft.pk, "user": official, "now": NOW}
    for name, is_contract in (("Додаток.txt", False), ("Договір.txt", True)):
        file = SimpleUploadedFile(name, name.encode(), "text/plain")
        add_document(**same, file=file, title="Додаток до оголошення", is_contract=is_contract)
    draft.refresh_from_db()
    ids = [draft.documents.get().document_id, draft.draft_contract_id]
    addresses = [reverse("kernel:file", args=[key]) for key in ids]

    assert [client.get(address).status_code for address in addresses] == [404, 404]
    stranger = Client()
    stranger.force_login(make_official_who_orders(_other_hromada()))
    assert [stranger.get(address).status_code for address in addresses] == [404, 404]
    publish(**same, key="1")
    assert [client.get(address).status_code for address in addresses] == [200, 200]
    text = shown(draft.__class__.objects.get(pk=draft.pk))
    assert "Додаток до оголошення" in text
    assert "Договір.txt" in text


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_the_same_number_of_questions(client, django_assert_num_queries, item_count):
    competition = make_published(now=NOW - 5 * DAY, lots=item_count)
    for number in range(item_count):
        question = make_question(competition, now=NOW - 4 * DAY + number * timedelta(minutes=1))
        answer(question, now=NOW - 3 * DAY)
        change(competition, now=NOW - 2 * DAY, requirements=f"Вимога {number}")
    client.get(url(competition))

    with django_assert_num_queries(8):
        client.get(url(competition))


def test_page_is_kept_by_no_cache_when_the_end_is_near(client):
    far = make_published(now=NOW - DAY)
    near = make_published(now=timezone.now() - DAY, closes_in=DAY + timedelta(seconds=50))

    assert "max-age=60" in client.get(url(far))["Cache-Control"]
    assert client.get(url(near))["Cache-Control"] == "no-cache"


# --- asking --------------------------------------------------------------------------------------------------------


def asking(client: Client, competition: Competition, **data):
    return client.post(url(competition, "ask"), {"key": str(uuid4()), "text": "Чи потрібен гараж?", **data})


def test_asking_needs_signing_in(client):
    competition = make_published(now=NOW)

    response = client.get(url(competition, "ask"))
    assert response.status_code == 302
    assert "/account/" in response["Location"]


def test_person_asks_once_however_often_the_button_is_pressed(sign_in):
    competition, person = make_published(now=NOW - DAY), make_person()
    client, key = sign_in(person), str(uuid4())

    first, second = (asking(client, competition, key=key) for _press in range(2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == f"{url(competition)}#question-1"
    assert Question.objects.get().asked_by == person
    assert "no-store" in client.get(url(competition, "ask"))["Cache-Control"]


def test_question_on_behalf_of_an_organisation_is_for_its_own_people(sign_in):
    competition, person = make_published(now=NOW - DAY), make_person()
    own, other = make_organisation(), make_organisation()
    make_mandate(person, own)
    client = sign_in(person)

    refused = asking(client, competition, organisation=other.pk)
    assert refused.status_code == 422
    assert "Чи потрібен гараж?" in refused.content.decode()
    assert asking(client, competition, organisation=own.pk).status_code == 302
    assert Question.objects.get().organisation == own
    assert own.name not in shown(competition)


@pytest.mark.parametrize("text", ["", "   ", "я" * 4001])
def test_wrong_question_comes_back_with_what_was_typed(sign_in, text):
    competition = make_published(now=NOW - DAY)
    key = str(uuid4())
    response = asking(sign_in(make_person()), competition, text=text, key=key)

    assert response.status_code == 422
    assert key in response.content.decode()
    assert text.strip()[:50] in response.content.decode()
    assert not Question.objects.exists()


def test_damaged_key_loses_nothing(sign_in):
    response = asking(sign_in(make_person()), make_published(now=NOW - DAY), key="nope")

    assert response.status_code == 422
    assert "Чи потрібен гараж?" in response.content.decode()


def test_question_that_comes_late_is_refused_with_its_reason(sign_in):
    competition = make_published(now=NOW - 18 * DAY)
    client = sign_in(make_person())

    page = client.get(url(competition, "ask"))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    refused = asking(client, competition)
    assert refused.status_code == 422
    assert "Чи потрібен гараж?" in refused.content.decode()
    assert url(competition, "ask") not in client.get(url(competition)).content.decode()


def test_sealing_page_tells_what_root_could_do(client):
    response = client.get("/en/competitions/sealing/")

    assert response.status_code == 200
    assert "root" in words(response)
    assert client.get(reverse("procurement:sealing")).status_code == 200
