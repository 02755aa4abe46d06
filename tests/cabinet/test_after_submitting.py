"""What follows on the page of an application: correction, withdrawal, a draft thrown away."""

import pytest

from tests.cabinet.posting import post
from tests.cabinet.submission import page_of, submit

pytestmark = pytest.mark.django_db


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
