"""A person's word becomes a right only by an official's decision."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts import mandates, rules
from portal.accounts.enums import ClaimState
from portal.accounts.models import Claim, Mandate, Organisation
from portal.kernel.audit import verify
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.registry import make_provider, next_edrpou

RNOKPP = "3184710691"


def claim(user, code="", **fields):
    return mandates.claim_organisation(
        **{
            "user": user,
            "code": code,
            "name": "ГО «Нова»",
            "scope": "representative",
            "statement": "директорка за наказом",
            "evidence": None,
            "now": timezone.now(),
            **fields,
        }
    )


def confirm(found, by, **fields):
    return mandates.confirm_claim(
        **{"claim_id": found.pk, "by": by, "role": "registrar", "ground": "", "now": timezone.now(), **fields}
    )


def refuse(found, by, ground="не підтверджено"):
    return mandates.refuse_claim(claim_id=found.pk, by=by, role="registrar", ground=ground, now=timezone.now())


@pytest.fixture
def registrar(db):
    return make_official("registrar")


def test_unknown_organisation_is_written_down_with_the_claim(registrar, letters):
    user, code = make_person(), next_edrpou()

    made = claim(user, f" {code[:4]} {code[4:]}")

    assert (made.state, made.made_organisation, made.organisation.code) == ("pending", True, code)
    assert (made.organisation.name, list(Claim.objects.pending())) == ("ГО «Нова»", [made])
    assert len(letters(user.email)) == 1


def test_claim_gives_drafting_only_over_the_organisation_it_made(registrar):
    user = make_person()
    own, known = claim(user, next_edrpou()), claim(user, make_provider().organisation.code)

    assert (known.made_organisation, own.made_organisation) == (False, True)
    assert (rules.can_draft_for(user, own.organisation), rules.can_draft_for(user, known.organisation)) == (True, False)
    for right in (rules.can_edit_for, rules.can_sign_for, rules.can_manage_people):
        assert not right(user, own.organisation)
    assert not rules.can_draft_for(make_person(), own.organisation)


def test_drafting_by_a_claim_ends_when_the_organisation_gets_a_card(registrar):
    user, code = make_person(), next_edrpou()
    made = claim(user, code)

    make_provider(code=code)

    assert not rules.can_draft_for(user, made.organisation)


def test_known_organisation_keeps_its_name(registrar):
    known = make_provider().organisation

    claim(make_person(), known.code, name="Чужа назва")

    assert Organisation.objects.get(pk=known.pk).name == known.name


def test_confirmed_claim_is_a_mandate_from_today_on(registrar, letters):
    user = make_person()
    made = claim(user, next_edrpou())

    mandate = confirm(made, registrar)

    made.refresh_from_db()
    assert (made.state, made.decided_by) == (ClaimState.CONFIRMED, registrar)
    assert (mandate.person, mandate.scope, mandate.valid_from, mandate.valid_to, mandate.granted_by) == (
        user,
        "representative",
        timezone.localdate(),
        None,
        registrar,
    )
    assert rules.can_sign_for(user, made.organisation)
    assert rules.can_manage_people(user, made.organisation)
    assert len(letters(user.email)) == 2


def test_refused_claim_names_its_ground_to_the_person(registrar, letters):
    user = make_person()
    made = claim(user, next_edrpou())
    with pytest.raises(StepRefused):
        refuse(made, registrar, "  ")

    refuse(made, registrar, "доручення прострочене")

    assert "доручення прострочене" in letters(user.email)[-1]["text"]
    assert not rules.can_draft_for(user, made.organisation)
    assert Mandate.objects.count() == 0


def test_claim_is_decided_once(registrar):
    made = claim(make_person(), next_edrpou())
    confirm(made, registrar)

    for step in (lambda: confirm(made, registrar), lambda: refuse(made, registrar)):
        with pytest.raises(StepRefused):
            step()
    assert Mandate.objects.count() == 1


@pytest.mark.parametrize("role", ["approver", "editor", "auditor", None])
def test_claim_is_decided_by_a_registrar_alone(registrar, role):
    made = claim(make_person(), next_edrpou())
    stranger = make_official(role) if role else make_person()

    with pytest.raises(StepRefused):
        confirm(made, stranger)
    with pytest.raises(StepRefused):
        refuse(made, stranger)
    assert Claim.objects.get().state == "pending"


def test_nobody_decides_on_the_own_claim(registrar):
    made = claim(registrar, next_edrpou())

    with pytest.raises(StepRefused):
        confirm(made, registrar)


def test_person_takes_the_own_claim_back_and_nobody_else_does(registrar):
    user = make_person()
    made = claim(user, next_edrpou())
    with pytest.raises(StepRefused):
        mandates.withdraw_claim(claim_id=made.pk, user=make_person(), now=timezone.now())

    mandates.withdraw_claim(claim_id=made.pk, user=user, now=timezone.now())

    assert Claim.objects.get().state == "withdrawn"
    with pytest.raises(StepRefused):
        confirm(made, registrar)


def test_same_organisation_is_claimed_once_at_a_time(registrar):
    user, code = make_person(), next_edrpou()
    made = claim(user, code)
    with pytest.raises(StepRefused):
        claim(user, code, scope="editor")
    with pytest.raises(IntegrityError, match=r"claim_waits_once|UNIQUE"), transaction.atomic():
        Claim.objects.create(
            person=user, organisation=made.organisation, scope="editor", statement="x", at=timezone.now()
        )
    confirm(made, registrar)

    with pytest.raises(StepRefused):
        claim(user, code)


def test_second_claimant_of_a_new_organisation_sees_and_prepares_nothing(registrar):
    code = next_edrpou()
    claim(make_person(), code)

    second = make_person()
    made = claim(second, code)

    assert made.made_organisation is False
    assert not rules.can_draft_for(second, made.organisation)


def test_organisation_left_behind_by_a_refused_claim_is_claimed_anew(registrar):
    code = next_edrpou()
    refuse(claim(make_person(), code, name="Вигадана назва"), registrar)

    made = claim(make_person(), code, name="ГО «Справжня»")

    assert (made.made_organisation, Organisation.objects.get(code=code).name) == (True, "ГО «Справжня»")


def test_sole_proprietor_is_claimed_by_the_taxpayer_number(registrar):
    made = claim(make_person(), person_type="sole_proprietor", rnokpp=RNOKPP, name="ФОП Левченко Ірина")

    fresh = Organisation.objects.get(pk=made.organisation_id)
    assert (fresh.rnokpp, fresh.code, fresh.person_type, fresh.legal_form) == (
        RNOKPP,
        None,
        "sole_proprietor",
        "sole_proprietor",
    )
    assert RNOKPP not in "".join(LogEntry.objects.values_list("payload", flat=True))


@pytest.mark.parametrize("code", ["", "12345679", "abc", "123"])
def test_code_that_cannot_be_one_is_refused(registrar, code):
    with pytest.raises(ValidationError):
        claim(make_person(), code)
    assert Organisation.objects.count() == 0


def test_unknown_organisation_without_a_name_is_refused(registrar):
    with pytest.raises(StepRefused):
        claim(make_person(), next_edrpou(), name=" ")


def test_claims_of_one_person_are_few_at_a_time(registrar, settings):
    user = make_person()
    for _ in range(settings.PENDING_CLAIMS_AT_MOST):
        claim(user, next_edrpou())

    with pytest.raises(StepRefused):
        claim(user, next_edrpou())


def test_representatives_learn_that_somebody_else_claims(registrar, letters):
    known, holder = make_provider().organisation, make_person()
    make_mandate(holder, known)

    made = claim(make_person(), known.code)
    confirm(made, registrar)

    assert len(letters(holder.email)) == 2
    assert made.person.email not in letters(holder.email)[0]["text"]


def test_log_of_claims_verifies_and_names_nobody(registrar):
    user = make_person("olena.k@provider.example")
    confirm(claim(user, next_edrpou(), statement="Олена, наказ 3"), registrar)
    refuse(claim(user, next_edrpou()), registrar, "Олена не та")

    lines = LogEntry.objects.filter(tag__startswith="accounts:claim:")
    assert [line.tag.rpartition(":")[2] for line in lines] == ["made", "confirmed", "made", "refused"]
    text = " ".join(line.payload + line.subject for line in lines)
    assert not [word for word in ("olena", "Олена", "Левченко", "@") if word in text]
    assert len({json.loads(line.payload)["person"] for line in lines}) == 1
    assert [line.actor_role for line in lines] == ["claimant", "registrar", "claimant", "registrar"]
    assert verify() is None


def test_decided_claim_has_its_stamps(db):
    row = {"person": make_person(), "organisation": make_organisation(), "scope": "editor", "statement": "x"}
    for fields in ({"state": "confirmed"}, {"state": "refused", "decided_at": timezone.now()}, {"ground": "x"}):
        with pytest.raises(IntegrityError, match="claim_decided_has_stamps"), transaction.atomic():
            Claim.objects.create(**row, at=timezone.now(), **fields)
    with pytest.raises(IntegrityError, match="claim_refused_has_ground"), transaction.atomic():
        Claim.objects.create(
            **row, at=timezone.now(), state="refused", decided_by=row["person"], decided_at=timezone.now()
        )


def test_pending_claims_come_oldest_first(registrar):
    newer = claim(make_person(), next_edrpou(), now=timezone.now())
    older = claim(make_person(), next_edrpou(), now=timezone.now() - timedelta(days=1))

    assert list(Claim.objects.pending()) == [older, newer]
