"""From the last look to the receipt: once, whole, by those who may."""

from uuid import uuid4

import pytest
from django.utils.translation import gettext as _

from registry.models import ApplicationStep
from tests.cabinet.posting import write
from tests.cabinet.submission import page_of, submit
from tests.factories.applications import make_rules

pytestmark = pytest.mark.django_db


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
