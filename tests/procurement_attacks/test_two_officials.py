"""Two officials, or two windows of one, on the same page: nobody undoes unseen what the other has just done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.commissioning.conftest import HOME
from tests.factories.procurement import change, make_call, make_published
from tests.factories.rule_profiles import make_ground
from tests.proposals.posting import hidden


@pytest.fixture
def draft(office):
    return make_call(user=office.official, now=office.now)


ABOUT = {"title": "Догляд вдома", "legal_ground": "Постанова № 450", "budget_limit": "324000"}


def test_part_of_a_draft_saved_meanwhile_is_not_overwritten_unseen(office, draft):
    url = f"{HOME}competitions/{draft.pk}/about/"
    first, second = office.client.get(url), office.client.get(url)
    office.client.post(url, {**ABOUT, "title": "Перший", "base": hidden(first, "base")})

    refused = office.client.post(url, {**ABOUT, "title": "Другий", "base": hidden(second, "base")})

    draft.refresh_from_db()
    assert (refused.status_code, draft.title) == (422, "Перший")
    assert "Другий" in refused.content.decode()
    office.client.post(url, {**ABOUT, "title": "Другий", "base": hidden(refused, "base")})
    draft.refresh_from_db()
    assert draft.title == "Другий"


def test_other_parts_are_in_nobodys_way(office, draft):
    about, conditions = f"{HOME}competitions/{draft.pk}/about/", f"{HOME}competitions/{draft.pk}/conditions/"
    first, second = office.client.get(about), office.client.get(conditions)
    office.client.post(about, {**ABOUT, "base": hidden(first, "base")})

    done = office.client.post(conditions, {"requirements": "Досвід", "base": hidden(second, "base")})

    draft.refresh_from_db()
    assert (done.status_code, draft.requirements, draft.title) == (302, "Досвід", ABOUT["title"])


def test_timetable_saved_meanwhile_is_not_overwritten_unseen(office, draft):
    url = f"{HOME}competitions/{draft.pk}/timetable/"
    page = office.client.get(url)
    fields = {row.field.name: row.field.value() or "" for row in page.context["rows"]}
    moved = {**fields, "service_to": f"{draft.service_to + timedelta(days=1):%Y-%m-%d}"}
    assert office.client.post(url, {**moved, "base": hidden(page, "base")}).status_code == 302

    assert office.client.post(url, {**fields, "base": hidden(page, "base")}).status_code == 422


def test_change_of_an_older_version_takes_nothing_back(office):
    now = timezone.now()
    running = make_published(user=office.official, now=now - timedelta(days=1))
    url = f"{HOME}competitions/{running.pk}/change/"
    page = office.client.get(url)
    form = page.context["form"]
    fields = {one.name: one.value() or "" for one in [*form.word_fields, *form.date_fields]}
    why = {"ground": make_ground("change").pk, "reason": "Уточнено.", "version": hidden(page, "version")}
    change(running, user=office.official, now=now, contact_name="Нова особа")

    sent = {**fields, **why, "opening_place": "Інше місце", "publish": "1"}
    refused = office.client.post(url, sent)

    running.refresh_from_db()
    assert (refused.status_code, running.version, running.contact_name) == (422, 2, "Нова особа")
    # what the other one changed stands among what would be changed now
    assert "contact_name" in {one.name for one in refused.context["form"].word_fields}
    assert "Нова особа" in refused.content.decode()
    assert office.client.post(url, {**sent, "version": hidden(refused, "version")}).status_code == 302
