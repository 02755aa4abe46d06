"""Mandates: dated, given once, revoked with a ground, never leaving an organisation without a representative."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts import mandates, rules
from portal.accounts.domain.mandates import give_mandate
from portal.accounts.models import Mandate
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person

TODAY = date(2026, 11, 25)


@pytest.fixture
def organisation(db):
    return make_organisation()


def revoke(mandate, by, ground="звільнено"):
    return mandates.revoke_mandate(mandate_id=mandate.pk, by=by, ground=ground, now=timezone.now())


@pytest.mark.parametrize(
    ("fields", "active"),
    [
        ({}, True),
        ({"valid_from": TODAY}, True),
        ({"valid_to": TODAY}, True),
        ({"valid_from": TODAY + timedelta(days=1)}, False),
        ({"valid_to": TODAY - timedelta(days=1)}, False),
    ],
)
def test_mandate_gives_rights_on_its_days(organisation, fields, active):
    mandate = make_mandate(make_person(), organisation, **fields)

    assert list(Mandate.objects.active(TODAY)) == ([mandate] if active else [])
    assert list(rules.mandates_of(mandate.person, TODAY)) == ([mandate] if active else [])


@pytest.mark.parametrize(
    ("scope", "manages", "signs"),
    [("representative", True, True), ("signatory", False, True), ("editor", False, False)],
)
def test_scope_decides_what_a_person_may(organisation, scope, manages, signs):
    user = make_mandate(make_person(), organisation, scope).person

    assert rules.can_edit_for(user, organisation)
    assert rules.can_draft_for(user, organisation)
    assert (rules.can_manage_people(user, organisation), rules.can_sign_for(user, organisation)) == (manages, signs)
    assert not rules.can_edit_for(user, make_organisation())


def test_closed_account_may_nothing(organisation):
    user = make_mandate(make_person(is_active=False), organisation).person

    assert not rules.can_edit_for(user, organisation)


def test_mandate_is_given_once_until_it_is_over(organisation):
    person, by, now = make_person(), make_person(), timezone.now()
    mandate = make_mandate(person, organisation, "editor", valid_to=timezone.localdate())

    def give():
        with transaction.atomic():
            return give_mandate(
                person=person, organisation=organisation, scope="editor", valid_to=None, granted_by=by, now=now
            )

    with pytest.raises(StepRefused):
        give()
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=timezone.localdate() - timedelta(days=1))
    give()
    with pytest.raises(IntegrityError, match=r"mandate_once_per_scope|UNIQUE"), transaction.atomic():
        make_mandate(person, organisation, "editor")


def test_revoked_mandate_ends_at_once_and_keeps_its_ground(organisation, letters):
    boss, editor = make_mandate(make_person(), organisation), make_mandate(make_person(), organisation, "editor")

    revoke(editor, boss.person, "  звільнено ")

    editor.refresh_from_db()
    assert (editor.revoked_by, editor.ground) == (boss.person, "звільнено")
    assert not rules.can_edit_for(editor.person, organisation)
    assert "звільнено" in letters(editor.person.email)[0]["text"]
    assert "звільнено" not in letters(boss.person.email)[0]["text"]
    line = LogEntry.objects.get(tag="accounts:mandate:revoked")
    assert ("звільнено" in line.payload, editor.person.email in line.payload) == (False, False)
    with pytest.raises(StepRefused):
        revoke(editor, boss.person)


def test_ground_is_asked_for(organisation):
    boss, editor = make_mandate(make_person(), organisation), make_mandate(make_person(), organisation, "editor")

    with pytest.raises(StepRefused):
        revoke(editor, boss.person, " ")


def test_person_gives_up_the_own_mandate(organisation):
    editor = make_mandate(make_person(), organisation, "editor")

    assert revoke(editor, editor.person).revoked_by == editor.person


@pytest.mark.parametrize("scope", ["editor", "signatory"])
def test_colleague_without_that_right_revokes_nobody(organisation, scope):
    boss, other = make_mandate(make_person(), organisation), make_mandate(make_person(), organisation, scope)

    with pytest.raises(StepRefused):
        revoke(boss, other.person)


def test_representative_of_another_organisation_revokes_nobody(organisation):
    stranger = make_mandate(make_person(), make_organisation()).person
    make_mandate(make_person(), organisation)

    with pytest.raises(StepRefused):
        revoke(make_mandate(make_person(), organisation, "editor"), stranger)


def test_last_representative_is_revoked_by_an_official_alone(organisation):
    first, second = (make_mandate(make_person(), organisation) for _ in range(2))
    # who is not yet or not any more a representative does not count
    make_mandate(make_person(), organisation, valid_from=timezone.localdate() + timedelta(days=1))
    make_mandate(make_person(), organisation, valid_to=timezone.localdate() - timedelta(days=1))
    revoke(second, first.person)

    for by in (first.person, make_mandate(make_person(), organisation, "editor").person, make_official("auditor")):
        with pytest.raises(StepRefused):
            revoke(first, by)
    assert revoke(first, make_official("registrar")).revoked_at


def test_impossible_mandates_are_refused_by_the_database(organisation):
    person = make_person()
    with pytest.raises(IntegrityError, match="mandate_ends_after_it_begins"), transaction.atomic():
        make_mandate(person, organisation, valid_to=date(2025, 1, 1))
    for fields in ({"revoked_at": timezone.now()}, {"ground": "x"}, {"revoked_by": person}):
        with pytest.raises(IntegrityError, match="mandate_revoked_has_ground"), transaction.atomic():
            make_mandate(person, organisation, **fields)
