"""What a provider still does with a submitted application: answers a correction, withdraws."""

from datetime import date
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit
from portal.kernel.models import LogEntry, OutboxMessage
from portal.kernel.workflow import StepRefused
from registry.domain.applying import (
    NotReadyError,
    answer_correction,
    withdraw_application,
)
from registry.domain.drafts import start_application
from registry.enums import ApplicationState
from registry.models import Application, CorrectionRequest
from tests.factories.accounts import make_person
from tests.factories.applications import (
    fill,
    make_draft,
    make_representative,
    make_submitted,
    save,
)
from tests.factories.registry import NOW
from tests.registry.applying import MOMENT, press, traces

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


# --- corrections -----------------------------------------------------------------------------------------------------


@pytest.fixture
def asked():
    """Return a correction asked for in a submitted application."""
    application = make_submitted()
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.CORRECTION)
    return CorrectionRequest.objects.create(
        application=Application.objects.get(pk=application.pk),
        fields=["about/about", "services/1/content"],
        comment="Уточніть.",
        asked_by=make_person(),
        asked_at=NOW,
        due_on=date(2026, 11, 25),
    )


def answer(asked, *, user=None, now=MOMENT):
    application = asked.application
    return answer_correction(application_id=application.pk, user=user or application.created_by, now=now)


def test_corrected_application_goes_back_to_the_registrar(asked, heard, django_capture_on_commit_callbacks):
    application = save(asked.application, {"about/about": "Уточнили."})
    digest = application.digest

    with django_capture_on_commit_callbacks(execute=True):
        back = answer(asked)

    asked.refresh_from_db()
    assert (back.state, asked.answered_at, asked.lapsed_at) == ("examination", MOMENT, None)
    assert back.digest == digest == back.receipt.document_digest
    assert heard == [(back.pk, "correct")]
    log = LogEntry.objects.order_by("seq").last()
    assert (log.tag, log.subject) == ("registry:application:correct", f"registry.application:{back.number}")
    assert sha256(audit.canonical(back.content).encode()).hexdigest() in log.payload
    with pytest.raises(StepRefused):
        answer(asked)


def test_correction_that_takes_something_away_is_not_ready(asked):
    save(asked.application, {"services/1/content": None})

    with pytest.raises(NotReadyError) as caught:
        answer(asked)
    assert [problem.path for problem in caught.value.problems] == ["services/1/content"]


def test_correction_is_answered_by_who_may_sign_and_in_time(asked):
    with pytest.raises(PermissionDenied):
        answer(asked, user=make_representative(asked.application.organisation, scope="editor"))
    with pytest.raises(StepRefused):
        answer(asked, now=NOW.replace(day=25, hour=22))
    assert answer(asked, now=NOW.replace(day=25, hour=21)).state == "examination"


@pytest.mark.parametrize("state", ["submitted", "examination"])
def test_nothing_is_answered_where_nothing_is_asked(state):
    application = make_submitted()
    Application.objects.filter(pk=application.pk).update(state=state)

    with pytest.raises(StepRefused):
        answer_correction(application_id=application.pk, user=application.created_by, now=MOMENT)


# --- withdrawal ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "examination", "correction"])
def test_application_is_withdrawn_before_anything_is_proposed(state, heard, django_capture_on_commit_callbacks):
    application = make_submitted()
    Application.objects.filter(pk=application.pk).update(state=state)

    with django_capture_on_commit_callbacks(execute=True):
        gone = withdraw_application(
            application_id=application.pk, user=application.created_by, reason=" Передумали. ", now=MOMENT
        )

    assert (gone.state, gone.closed_at, gone.steps.last().comment) == ("withdrawn", MOMENT, "Передумали.")
    assert "Передумали" not in LogEntry.objects.order_by("seq").last().payload
    assert heard == [(gone.pk, "withdraw")]
    assert press(application).state == "withdrawn"


@pytest.mark.parametrize("state", ["proposed", "decided", "withdrawn"])
def test_application_is_not_withdrawn_later(state):
    application = make_submitted()
    closed = MOMENT if state in ApplicationState.closed else None
    Application.objects.filter(pk=application.pk).update(state=state, closed_at=closed)
    before = traces()

    with pytest.raises(StepRefused):
        withdraw_application(application_id=application.pk, user=application.created_by, reason="", now=MOMENT)
    assert traces() == before


def test_draft_is_discarded_by_any_editor_and_a_new_one_is_begun():
    draft = fill(make_draft())
    editor = make_representative(draft.organisation, scope="editor")

    gone = withdraw_application(application_id=draft.pk, user=editor, reason="", now=MOMENT)

    assert (gone.state, gone.number) == ("withdrawn", None)
    assert LogEntry.objects.get().subject == f"registry.application:{draft.pk}"
    assert OutboxMessage.objects.count() == 0
    with pytest.raises(StepRefused):
        press(draft)
    new = start_application(user=editor, organisation_id=draft.organisation_id, kind="inclusion", now=MOMENT)
    assert new.pk != draft.pk
