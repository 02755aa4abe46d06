"""A decision is corrected only by another that supersedes it."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit
from portal.kernel.models import VerificationCode
from portal.kernel.workflow import StepRefused
from registry.domain import deciding, examination
from registry.domain.desk import OutsideTerritoryError
from registry.models import (
    Application,
)
from tests.factories.accounts import make_official, make_organisation
from tests.factories.applications import (
    fill,
    make_criteria,
    make_draft,
    save,
    submit,
)
from tests.factories.registry import make_provider, next_edrpou
from tests.registry.deciding import NOW, decide, everything, propose, proposed, take

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("read_in_english")]


def correct(decision, user, reason="Правильні підстави.", ground="Описка."):
    return examination.correct_decision(decision_id=decision.pk, user=user, reason=reason, ground=ground, now=NOW)


def test_corrected_decision_supersedes_and_changes_nothing_else(registrar, approver, grounds):
    first = decide(proposed(registrar, "refuse", [grounds["refuse"]], "Непрвильно."), approver)

    second = correct(first, approver)
    third = correct(second, approver, "Ще правильніше.")

    first.refresh_from_db()
    assert (second.number, second.supersedes, second.outcome, second.application) == ("2/2026", first, "refuse", None)
    assert (first.reason, second.reason, third.supersedes) == ("Непрвильно.", "Правильні підстави.", second)
    assert VerificationCode.objects.get(pk=first.code_id).superseded_by == second.code
    assert (second.snapshot["supersedes"], second.snapshot["application"]) == (first.number, first.application.number)
    assert second.code.document_digest == audit.digest_of(second.snapshot)
    assert second.grounds[-1]["text_uk"] == "Описка."
    assert audit.verify() is None


def test_decision_is_corrected_once_and_not_by_who_examined(places, registrar, approver, grounds):
    first = decide(proposed(registrar, "refuse", [grounds["refuse"]], "Причина."), approver)
    before = everything()

    for user, error in (
        (registrar, PermissionDenied),
        (make_official("approver", places.odeska), OutsideTerritoryError),
    ):
        with pytest.raises(error):
            correct(first, user)
    for reason, ground in (("", "Описка."), ("Причина.", " ")):
        with pytest.raises(StepRefused):
            correct(first, approver, reason, ground)
    assert everything() == before
    correct(first, approver)
    with pytest.raises(StepRefused, match="already"):
        correct(first, approver)


@pytest.mark.parametrize("services", [1, 3])
def test_decision_takes_the_same_queries_for_any_number_of_services(
    registrar, approver, services, django_assert_num_queries
):
    make_criteria()
    # the first decision ever makes the rows that count the others
    decide(proposed(registrar), approver)
    application = proposed(registrar, services=services)

    with django_assert_num_queries(79):
        deciding.decide(application_id=application.pk, user=approver, now=NOW)


def test_draft_is_neither_examined_nor_decided(registrar, approver):
    draft = make_draft()
    save(draft, {"about/about": "Чернетка."})

    with pytest.raises(PermissionDenied):
        decide(draft, approver)
    assert Application.objects.get().state == "draft"


def test_application_of_a_branch_waits_for_its_head(registrar, approver):
    head = make_provider()
    organisation = make_organisation(code=next_edrpou())
    application = submit(fill(make_draft(organisation=organisation), **{"organisation/head": head.number}))
    take(application, registrar)
    propose(application, registrar)

    assert decide(application, approver).entry.parent == head
