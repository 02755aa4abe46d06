"""From the last look to the receipt: once, whole, by those who may; and what follows on the application's page."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.utils.translation import gettext as _

from portal.accounts.mandates import claim_organisation
from registry.domain.examination import ask_correction, take_application
from registry.models import Application, ApplicationStep
from tests.cabinet.posting import post, write
from tests.factories.accounts import make_official, make_person
from tests.factories.applications import NOW, make_draft, make_representative, make_rules, make_submitted, save
from tests.factories.registry import make_provider, make_territories, next_edrpou

pytestmark = pytest.mark.django_db


def page_of(response) -> str:
    return " ".join(unescape(response.content.decode()).split())


def submit(cabinet, *, client=None, opened=None, **data):
    client = client or cabinet.client
    opened = opened or client.get(cabinet.url("check/"))
    told = {"version": opened.context["application"].version, "key": str(opened.context["key"])}
    return client.post(cabinet.url("submit/"), {**told, **data})


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


# --- check and submit ----------------------------------------------------------------------------------------------


def test_check_names_everything_missing_with_links(cabinet):
    response = cabinet.client.get(cabinet.url("check/"))

    urls = [problem.url for problem in response.context["problems"]]
    assert cabinet.url("sites/?missing=1#f-sites") in urls
    assert cabinet.url("consents/?missing=1#f-consents/accuracy") in urls
    assert "submit/" not in page_of(response)


def test_check_shows_the_answers_in_words(full):
    page = page_of(full.client.get(full.url("check/")))

    for words in (
        "ГО «Турбота»",
        "Диканька",
        "120,50 грн",
        "Особи похилого віку",
        "підтвердження.pdf",
        "Так, виконуємо.",
    ):
        assert words in page


def test_submission_leads_to_the_receipt(full):
    response = submit(full)

    assert response.url == full.url("receipt/")
    full.draft.refresh_from_db()
    page = page_of(full.client.get(full.url("receipt/")))
    assert full.draft.number in page
    assert full.draft.digest in page
    assert _("the term is not set in the reference table") in page
    assert full.client.get(full.url("check/")).url == full.url()


def test_receipt_says_until_when_and_why(full):
    make_rules(days=10)
    submit(full)

    response = full.client.get(full.url("receipt/"))

    full.draft.refresh_from_db()
    assert response.context["term"].on == full.draft.decision_due_on
    assert any("99" in reason for reason in response.context["term"].reasons)


def test_receipt_comes_as_a_pdf(full):
    submit(full)

    response = full.client.get(full.url("receipt.pdf"))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_double_press_and_refresh_submit_once(full):
    opened = full.client.get(full.url("check/"))

    answers = [submit(full, opened=opened) for _ in range(3)]
    other_tab = submit(full, opened=opened, key=str(uuid4()))

    assert {answer.url for answer in (*answers, other_tab)} == {full.url("receipt/")}
    assert ApplicationStep.objects.filter(application=full.draft, step="submit").count() == 1


def test_submission_of_what_was_not_read_is_asked_again(full):
    opened = full.client.get(full.url("check/"))
    write(full, {"about/about": "Інше слово"})

    response = submit(full, opened=opened)

    assert response.status_code == 409
    assert "Інше слово" in page_of(response)
    full.draft.refresh_from_db()
    assert full.draft.submitted_at is None


def test_submission_of_an_incomplete_draft_names_what_is_missing(cabinet):
    response = cabinet.client.post(cabinet.url("submit/"), {"version": 1, "key": str(uuid4())})

    assert response.status_code == 422
    assert response.context["problems"]


def test_editor_prepares_and_does_not_submit(full):
    opened = full.colleague.get(full.url("check/"))

    assert opened.context["may_submit"] is False
    assert submit(full, client=full.colleague, opened=opened).status_code == 404
    full.draft.refresh_from_db()
    assert full.draft.submitted_at is None


def test_receipt_of_a_draft_is_not_there(full):
    for path in ("receipt/", "receipt.pdf"):
        assert full.client.get(full.url(path)).status_code == 404


# --- beginning -----------------------------------------------------------------------------------------------------


def test_start_begins_a_draft_and_goes_on_with_it(sign_in):
    entry = make_provider()
    client = sign_in(make_representative(entry.organisation))

    first = client.post("/cabinet/applications/start/", {"organisation": entry.organisation_id, "kind": "amendment"})
    again = client.post("/cabinet/applications/start/", {"organisation": entry.organisation_id, "kind": "amendment"})

    draft = Application.objects.get()
    assert (first.url, again.url) == (f"/cabinet/applications/{draft.pk}/", first.url)


@pytest.mark.parametrize("kind", ["inclusion", "initiative", "nonsense", ""])
def test_start_refuses_what_makes_no_sense(sign_in, kind):
    entry = make_provider()
    client = sign_in(make_representative(entry.organisation))

    response = client.post("/cabinet/applications/start/", {"organisation": entry.organisation_id, "kind": kind})

    assert response.url == "/cabinet/"
    assert not Application.objects.exists()


def test_start_for_another_organisation_begins_nothing(cabinet):
    entry = make_provider()

    for key in (entry.organisation_id, 999_999_999):
        sent = {"organisation": key, "kind": "amendment"}
        assert cabinet.client.post("/cabinet/applications/start/", sent).status_code in (302, 404)

    assert not Application.objects.filter(organisation=entry.organisation).exists()


def test_organisation_made_by_a_claim_applies_before_the_claim_is_confirmed(cabinet, sign_in):
    person = make_person()
    claim = claim_organisation(
        user=person,
        code=next_edrpou(),
        name="ГО «Нова»",
        scope="representative",
        statement="Я голова.",
        evidence=None,
        now=NOW,
    )
    client = sign_in(person)

    home = client.get("/cabinet/")
    assert [card.claim for card in home.context["home"].cards] == [claim]
    sent = {"organisation": claim.organisation_id, "kind": "inclusion"}
    address = client.post("/cabinet/applications/start/", sent).url
    assert client.get(address).status_code == 200


# --- changes and leaving -------------------------------------------------------------------------------------------


@pytest.fixture
def amendment(cabinet, sign_in):
    entry = make_provider(name="КУ «Центр»")
    cabinet.user = make_representative(entry.organisation)
    cabinet.client = sign_in(cabinet.user)
    cabinet.draft = make_draft("amendment", organisation=entry.organisation, user=cabinet.user)
    return cabinet


def test_amendment_is_prefilled_and_shows_old_beside_new(amendment):
    assert "КУ «Центр»" in page_of(amendment.client.get(amendment.url("organisation/")))
    save(amendment.draft, {"organisation/short_name": "Центр «Турбота»", "contacts/1/value": "+380 44 111 22 33"})

    changes = amendment.client.get(amendment.url("changes/"))

    told = {(change.old, change.new) for change in changes.context["changes"]}
    assert ("+380535190000", "+380 44 111 22 33") in told
    assert "Центр «Турбота»" in page_of(changes)
    assert "+380 44 111 22 33" in page_of(amendment.client.get(amendment.url("check/")))


def test_exclusion_has_its_own_page_and_no_others(cabinet, sign_in):
    entry = make_provider()
    cabinet.client = sign_in(user := make_representative(entry.organisation))
    cabinet.draft = make_draft("exclusion", organisation=entry.organisation, user=user)

    for path in ("organisation/", "sites/", "contacts/", "services/", "criteria/", "changes/"):
        assert cabinet.client.get(cabinet.url(path)).status_code == 404
    response = post(
        cabinet, "exclusion/", {"exclusion/reason": "Припиняємо діяльність.", "exclusion/from": "2026-12-31"}
    )

    assert response.status_code == 302
    assert cabinet.content["exclusion/from"] == "2026-12-31"


# --- after the submission ------------------------------------------------------------------------------------------


def test_submitted_application_shows_its_steps_and_is_not_edited(full):
    submit(full)

    page = page_of(full.client.get(full.url()))

    full.draft.refresh_from_db()
    assert full.draft.number in page
    for path in ("organisation/", "sites/1/", "criteria/1/", "file/"):
        # whoever comes late is led to where the application stands; nothing is taken in
        assert full.client.get(full.url(path)).url == full.url("")
        assert full.client.post(full.url(path)).status_code == 404
    assert full.client.get(full.url("correction/")).url == full.url()


def test_correction_shows_the_named_fields_only_and_is_answered(asked):
    page = page_of(asked.client.get(asked.url()))
    assert "Напишіть докладніше." in page
    assert asked.url("correction/") in page

    opened = asked.client.get(asked.url("correction/"))
    fields = {path for form in opened.context["sheet"].forms for path in form.paths}
    assert fields == {"services/1/content", "criteria/1/founding/statement", "criteria/1/founding/expires_on"}

    kept = post(asked, "correction/", {"services/1/content": "Докладно."}, opened=opened)
    assert kept.url == asked.url("correction/")
    assert asked.content["services/1/content"] == "Докладно."

    sent = post(asked, "correction/", {"services/1/content": "Ще докладніше.", "send": "1"})
    assert sent.url == asked.url()
    asked.draft.refresh_from_db()
    assert (asked.draft.state, asked.draft.content["services/1/content"]) == ("examination", "Ще докладніше.")


def test_correction_that_leaves_a_gap_is_not_sent(asked):
    response = post(asked, "correction/", {"services/1/content": "", "send": "1"})

    assert response.status_code == 422
    assert [one.path for one in response.context["lacking"]] == ["services/1/content"]
    asked.draft.refresh_from_db()
    assert asked.draft.state == "correction"


def test_correction_of_other_fields_is_refused(asked):
    sent = '{"base_version": 99, "fields": {"about/about": [["about/about", "Інше"]]}}'

    answer = asked.client.post(asked.url("save/"), sent, content_type="application/json").json()

    assert list(answer["refused"]) == ["about/about"]


def test_editor_corrects_and_does_not_send(asked):
    opened = asked.colleague.get(asked.url("correction/"))
    assert opened.context["may_send"] is False

    response = post(
        asked, "correction/", {"services/1/content": "Докладно.", "send": "1"}, client=asked.colleague, opened=opened
    )

    assert response.status_code == 302
    asked.draft.refresh_from_db()
    assert (asked.draft.state, asked.draft.content["services/1/content"]) == ("correction", "Докладно.")


def test_application_is_withdrawn_after_a_question(full):
    submit(full)
    assert full.client.get(full.url("withdraw/")).status_code == 200
    full.draft.refresh_from_db()
    assert full.draft.state == "submitted"

    response = full.client.post(full.url("withdraw/"), {"reason": "Передумали"})

    assert response.url == "/cabinet/"
    full.draft.refresh_from_db()
    assert full.draft.state == "withdrawn"
    assert "Передумали" in page_of(full.client.get(full.url()))


def test_draft_is_thrown_away_after_a_question(cabinet):
    cabinet.client.post(cabinet.url("withdraw/"))

    cabinet.draft.refresh_from_db()
    assert cabinet.draft.state == "withdrawn"
    assert cabinet.client.get(cabinet.url()).status_code == 200


def test_editor_does_not_withdraw_what_was_submitted(full):
    submit(full)

    assert full.colleague.post(full.url("withdraw/")).url == full.url()
    full.draft.refresh_from_db()
    assert full.draft.state == "submitted"


# --- home ----------------------------------------------------------------------------------------------------------


def test_home_tells_what_to_do(asked):
    card = asked.client.get("/cabinet/").context["home"].cards[0]

    assert [task.url for task in card.tasks] == [asked.url("correction/")]
    assert [line.application for line in card.open] == [asked.draft]


def test_home_of_nobody_leads_to_a_claim(sign_in):
    page = page_of(sign_in(make_person()).get("/cabinet/"))

    assert "/cabinet/claim/" in page


def test_home_shows_nothing_of_an_organisation_that_is_only_claimed(sign_in):
    entry = make_provider(name="КУ «Чужий центр»")
    person = make_person()
    claim_organisation(
        user=person,
        code=entry.organisation.code,
        name="",
        scope="representative",
        statement="Я директор.",
        evidence=None,
        now=NOW,
    )

    home = sign_in(person).get("/cabinet/").context["home"]

    assert (home.cards, len(home.waiting)) == ([], 1)
    sent = {"organisation": entry.organisation_id, "kind": "amendment"}
    assert sign_in(person).post("/cabinet/applications/start/", sent).url == "/cabinet/"
    assert not Application.objects.exists()


@pytest.mark.parametrize("item_count", [1, 3])
def test_home_asks_the_same_number_of_questions(sign_in, item_count, django_assert_num_queries):
    from tests.factories.accounts import make_mandate

    person = make_person()
    for _number in range(item_count):
        entry = make_provider()
        make_mandate(person, entry.organisation)
        make_draft("exclusion", organisation=entry.organisation, user=person)
        make_submitted("amendment", organisation=entry.organisation, user=person)
    client = sign_in(person)
    client.get("/cabinet/")

    with django_assert_num_queries(19):
        client.get("/cabinet/")
