"""An invitation works once, in time, for the address it was sent to."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts import mandates, rules
from portal.accounts.models import Invitation, Mandate
from portal.kernel.audit import verify
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person

ADDRESS = "petro@provider.example"


@pytest.fixture
def boss(db):
    return make_mandate(make_person(), make_organisation())


@pytest.fixture
def invite(boss, letters, link_of):
    """Return a function that invites an address and gives the key of the letter."""

    def ask(email=ADDRESS, **fields):
        mandates.invite_person(
            **{
                "user": boss.person,
                "organisation_id": boss.organisation_id,
                "email": email,
                "scope": "editor",
                "valid_to": None,
                "now": timezone.now(),
                **fields,
            }
        )
        return link_of(letters(email.strip().lower())[-1]).strip("/").rpartition("/")[2]

    return ask


def accept(user, token, now=None):
    return mandates.accept_invitation(user=user, token=token, now=now or timezone.now())


def test_invited_person_takes_the_mandate_up(boss, invite, letters):
    token = invite(" Petro@Provider.Example", valid_to=timezone.localdate() + timedelta(days=30))
    person = make_person(ADDRESS)

    mandate = accept(person, token)

    assert (mandate.person, mandate.organisation, mandate.scope) == (person, boss.organisation, "editor")
    assert (mandate.valid_to, mandate.granted_by) == (timezone.localdate() + timedelta(days=30), boss.person)
    assert rules.can_edit_for(person, boss.organisation)
    assert len(letters(boss.person.email)) == 1


def test_key_is_kept_as_a_digest_only(invite):
    token = invite()

    kept = Invitation.objects.values().get()
    assert token not in str(kept)
    assert len(kept["token_digest"]) == 64
    assert token not in "".join(LogEntry.objects.values_list("payload", flat=True))


def test_invitation_is_for_its_address_alone(invite):
    token = invite()

    with pytest.raises(mandates.ForAnotherAddress):
        accept(make_person("other@provider.example"), token)
    unconfirmed = make_person(ADDRESS)
    EmailAddress.objects.filter(user=unconfirmed).update(verified=False)
    with pytest.raises(mandates.ForAnotherAddress):
        accept(unconfirmed, token)
    assert Mandate.objects.count() == 1


def test_invitation_works_once(invite):
    token, person = invite(), make_person(ADDRESS)
    mandate = accept(person, token)
    with pytest.raises(StepRefused):
        accept(person, token)
    mandates.revoke_mandate(mandate_id=mandate.pk, by=person, ground="x", now=timezone.now())

    with pytest.raises(StepRefused):
        accept(person, token)


def test_invitation_ends(invite, settings):
    token, person = invite(), make_person(ADDRESS)

    with pytest.raises(StepRefused):
        accept(person, token, timezone.now() + settings.INVITATION_LIFE)
    accept(person, token, timezone.now() + settings.INVITATION_LIFE - timedelta(minutes=1))


def test_invitation_that_was_taken_back_does_not_work(boss, invite, letters):
    token, person = invite(), make_person(ADDRESS)
    found = Invitation.objects.get()
    with pytest.raises(StepRefused):
        mandates.revoke_invitation(invitation_id=found.pk, user=person, now=timezone.now())

    mandates.revoke_invitation(invitation_id=found.pk, user=boss.person, now=timezone.now())

    with pytest.raises(StepRefused):
        accept(person, token)
    with pytest.raises(StepRefused):
        mandates.revoke_invitation(invitation_id=found.pk, user=boss.person, now=timezone.now())
    assert len(letters(ADDRESS)) == 2


def test_newer_invitation_takes_the_place_of_the_older(invite):
    older, newer = invite(), invite()
    person = make_person(ADDRESS)

    with pytest.raises(StepRefused):
        accept(person, older)
    accept(person, newer)


def test_forged_key_does_not_work(invite):
    token, person = invite(), make_person(ADDRESS)

    for forged in ("", "x", token[:-1], Invitation.objects.get().token_digest):
        with pytest.raises(StepRefused):
            accept(person, forged)


def test_invitation_of_one_who_may_invite_no_more_does_not_work(boss, invite):
    token = invite()
    mandates.revoke_mandate(mandate_id=boss.pk, by=make_official("registrar"), ground="скарга", now=timezone.now())

    with pytest.raises(StepRefused):
        accept(make_person(ADDRESS), token)


@pytest.mark.parametrize("scope", ["editor", "signatory", None])
def test_only_a_representative_invites(boss, invite, scope):
    other = make_person()
    if scope:
        make_mandate(other, boss.organisation, scope)

    with pytest.raises(StepRefused):
        invite(user=other)


def test_offer_that_makes_no_sense_is_refused(boss, invite):
    with pytest.raises(StepRefused):
        invite(valid_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(StepRefused):
        invite(boss.person.email, scope="representative")


def test_log_of_invitations_verifies_and_names_nobody(boss, invite):
    accept(make_person(ADDRESS), invite())

    lines = LogEntry.objects.filter(tag__startswith="accounts:invitation:")
    assert [(line.tag, line.actor_role) for line in lines] == [
        ("accounts:invitation:made", "representative"),
        ("accounts:invitation:accepted", "invited"),
    ]
    assert "@" not in "".join(line.payload for line in lines)
    assert verify() is None


def test_impossible_invitations_are_refused_by_the_database(boss):
    now = timezone.now()
    row = {
        "organisation": boss.organisation,
        "email": ADDRESS,
        "scope": "editor",
        "invited_by": boss.person,
        "at": now,
        "expires_at": now + timedelta(days=1),
    }
    for name, fields in {
        "invitation_ends_after_it_begins": {"expires_at": now},
        "invitation_accepted_has_stamps": {"accepted_at": now},
        "invitation_accepted_or_revoked": {"accepted_at": now, "accepted_by": boss.person, "revoked_at": now},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Invitation.objects.create(**{**row, **fields}, token_digest=name)
