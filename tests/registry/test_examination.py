"""How an application is examined: who may, in which order, criterion by criterion, with one correction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain import examination
from registry.domain.application_steps import has_examined
from registry.domain.applying import answer_correction
from registry.domain.desk import OutsideTerritoryError, change_entry
from registry.models import Application, ApplicationStep, CorrectionRequest, CriterionCheck
from registry.signals import application_moved
from tests.factories.accounts import make_mandate, make_official
from tests.factories.applications import (
    make_criteria,
    make_draft,
    make_representative,
    make_rules,
    make_submitted,
    save,
    service_part,
)
from tests.factories.registry import REGISTRAR, make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
# late in the evening in Greenwich it is the next day in Kyiv
LATE = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def read_in_english():
    translation.activate("en")


@pytest.fixture
def criteria():
    return make_criteria()


def taken(registrar, **fields):
    application = make_submitted(**fields)
    return examination.take_application(application_id=application.pk, user=registrar, now=NOW)


def check(application, user, criterion, result="met", note="", service_key="1", now=NOW):
    return examination.check_criterion(
        application_id=application.pk,
        user=user,
        criterion_id=criterion.pk,
        service_key=service_key,
        result=result,
        note=note,
        now=now,
    )


def ask(application, user, fields=("services/1/content",), comment="Опишіть докладніше.", now=NOW):
    return examination.ask_correction(application_id=application.pk, user=user, fields=fields, comment=comment, now=now)


def traces():
    return ApplicationStep.objects.count(), LogEntry.objects.count()


def test_taking_writes_state_step_log_and_tells_after_commit(registrar, django_capture_on_commit_callbacks):
    application = make_submitted()
    told = []
    application_moved.connect(receiver := lambda **news: told.append((news["application_id"], news["step"])))

    with django_capture_on_commit_callbacks(execute=True):
        application = examination.take_application(application_id=application.pk, user=registrar, now=NOW)

    assert receiver
    assert (application.state, application.examiner, told) == ("examination", registrar, [(application.pk, "take")])
    step = application.steps.get(step="take")
    assert (step.from_state, step.to_state, step.by, step.actor_role, step.clause) == (
        "submitted",
        "examination",
        registrar,
        "registrar",
        "99",
    )
    entry = LogEntry.objects.get(tag="registry:application:take")
    assert (entry.subject, entry.actor_role) == (f"registry.application:{application.number}", "registrar")


@pytest.mark.parametrize(
    ("role", "scope", "error"),
    [
        ("approver", "poltavska", PermissionDenied),
        ("auditor", "poltavska", PermissionDenied),
        ("editor", "poltavska", PermissionDenied),
        ("registrar", "odeska", OutsideTerritoryError),
    ],
)
def test_only_the_registrar_of_the_territory_takes(places, role, scope, error):
    application = make_submitted()
    user = make_official(role, getattr(places, scope))
    before = traces()

    with pytest.raises(error):
        examination.take_application(application_id=application.pk, user=user, now=NOW)

    application.refresh_from_db()
    assert (application.state, application.examiner, traces()) == ("submitted", None, before)


def test_official_who_has_left_takes_nothing(registrar):
    application = make_submitted()
    registrar.is_active = False

    with pytest.raises(PermissionDenied):
        examination.take_application(application_id=application.pk, user=registrar, now=NOW)


def test_official_who_speaks_for_the_provider_takes_nothing(registrar):
    application = make_submitted()
    make_mandate(registrar, application.organisation)

    with pytest.raises(StepRefused, match="speak for this provider"):
        examination.take_application(application_id=application.pk, user=registrar, now=NOW)


def test_later_application_waits_for_the_earlier_one(registrar):
    entry = make_provider()
    person = make_representative(entry.organisation)
    first = make_submitted("amendment", organisation=entry.organisation, user=person)
    second = make_submitted(
        "amendment",
        organisation=entry.organisation,
        user=person,
        now=NOW - timedelta(hours=2),
        **{"about/about": "Ще раз."},
    )

    with pytest.raises(StepRefused, match=first.number):
        examination.take_application(application_id=second.pk, user=registrar, now=NOW)

    assert examination.take_application(application_id=first.pk, user=registrar, now=NOW).state == "examination"


def test_queue_holds_the_own_territory_the_oldest_first(places, registrar, django_assert_num_queries):
    later = make_submitted(now=NOW)
    earlier = make_submitted(now=NOW - timedelta(days=1))
    elsewhere = make_official("registrar", places.odeska)

    with django_assert_num_queries(3):
        queue = list(examination.queue_for(registrar))
        names = [(str(row.organisation), str(row.hromada)) for row in queue]

    assert [row.pk for row in queue] == [earlier.pk, later.pk]
    assert len(names) == 2
    assert list(examination.queue_for(elsewhere)) == []


def test_judgment_is_kept_once_and_logged_without_its_note(registrar, criteria):
    application = taken(registrar)

    check(application, registrar, criteria["staff"], "not_met", "Диплом Іваненка прострочено.")
    check(application, registrar, criteria["staff"], "not_met", "Диплом Іваненка прострочено.")
    check(application, registrar, criteria["staff"], "met")

    row = CriterionCheck.objects.get()
    assert (row.result, row.note, row.by, row.service_key) == ("met", "", registrar, "1")
    entries = LogEntry.objects.filter(tag="registry:application:check").order_by("seq")
    assert ["Іваненка" in entry.payload for entry in entries] == [False, False]


@pytest.mark.parametrize("result", ["not_met", "not_applicable"])
def test_judgment_against_needs_a_note(registrar, criteria, result):
    application = taken(registrar)

    with pytest.raises(StepRefused, match="note"):
        check(application, registrar, criteria["staff"], result, "  ")

    assert CriterionCheck.objects.count() == 0


def test_only_what_applies_to_the_service_is_judged(registrar, criteria):
    application = taken(registrar)

    for criterion, key in ((criteria["premises"], "1"), (criteria["staff"], "7")):
        with pytest.raises(StepRefused, match="does not apply"):
            check(application, registrar, criterion, service_key=key)
    with pytest.raises(StepRefused):
        check(application, registrar, criteria["staff"], "perhaps")


def test_nothing_is_judged_before_it_is_taken(registrar, criteria):
    application = make_submitted()

    with pytest.raises(StepRefused):
        check(application, registrar, criteria["staff"])


def test_correction_names_fields_keeps_what_stood_there_and_its_last_day(registrar):
    make_rules(correction_days=5)
    application = taken(registrar)

    request = ask(application, registrar, ["services/1/content", "services/1/content", "sites/1/room"], now=LATE)

    application.refresh_from_db()
    assert application.state == "correction"
    assert request.fields == ["services/1/content", "sites/1/room"]
    assert request.before == {"services/1/content": application.content["services/1/content"]}
    # asked on the 24th in Kyiv, counted from the 25th
    assert request.due_on == date(2026, 11, 29)
    assert application.steps.get(step="ask_correction").comment == "Опишіть докладніше."
    assert "докладніше" not in LogEntry.objects.get(tag="registry:application:ask_correction").payload


def test_correction_has_no_last_day_where_the_policy_has_no_amount(registrar):
    make_rules()
    request = ask(taken(registrar), registrar)

    assert request.due_on is None
    assert examination.lapse_correction(now=NOW + timedelta(days=500)) == 0


@pytest.mark.parametrize(
    ("fields", "comment"),
    [
        ([], "Виправте."),
        (["services/1/content"], " "),
        (["services/9/content"], "Виправте."),
        (["services/1/secret"], "Виправте."),
        (["organisation/name/../../x"], "Виправте."),
    ],
)
def test_correction_of_nothing_known_is_refused(registrar, fields, comment):
    application = taken(registrar)
    before = traces()

    with pytest.raises(StepRefused):
        ask(application, registrar, fields, comment)

    assert (traces(), CorrectionRequest.objects.count()) == (before, 0)


def test_correction_is_asked_for_as_often_as_the_policy_says(registrar):
    application = taken(registrar)
    ask(application, registrar)
    application.refresh_from_db()
    answer_correction(application_id=application.pk, user=application.created_by, now=NOW)

    with pytest.raises(StepRefused, match="asked for already"):
        ask(application, registrar)

    Application.objects.filter(pk=application.pk).update(profile=make_rules(corrections=2))
    assert ask(application, registrar).answered_at is None


def test_correction_lapses_after_its_last_day_once(registrar):
    make_rules(correction_days=1)
    application = taken(registrar)
    request = ask(application, registrar)

    assert examination.lapse_correction(now=datetime(2026, 11, 24, 21, 59, tzinfo=UTC)) == 0
    midnight = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    assert [examination.lapse_correction(now=midnight) for _turn in range(2)] == [1, 0]

    application.refresh_from_db()
    request.refresh_from_db()
    assert (application.state, request.lapsed_at, request.answered_at) == ("examination", midnight, None)
    step = application.steps.get(step="lapse_correction")
    assert (step.by, step.actor_role) == (None, "clock")


def test_whoever_judged_one_criterion_counts_as_examiner(places, registrar, criteria):
    application = taken(registrar)
    colleague = make_official("registrar", places.poltavska)
    stranger = make_official("registrar", places.poltavska)

    check(application, colleague, criteria["staff"])

    assert [has_examined(application, user) for user in (registrar, colleague, stranger)] == [True, True, False]


def changes(application):
    return {(row.part, row.label): (row.old, row.new) for row in examination.changes_of_application(application)}


def test_amendment_shows_old_and_new_in_words(registrar):
    entry = make_provider()
    application = make_submitted(
        "amendment",
        organisation=entry.organisation,
        **{
            "services/1/price_mode": "tariff",
            "services/1/price": "1200.5",
            "services/1/price_unit": "visit",
            "services/1/urgent": True,
            "services/1/groups": ["violence-survivors"],
            "sites/1/hours": {"mon": [["09:00", "18:00"]]},
        },
    )

    found = changes(application)

    service = "Service: Home care"
    assert found[(service, "payment")] == ("depends on income", "paid by tariff")
    assert found[(service, "tariff, UAH")] == ("not stated", "1,200.50 UAH")
    assert found[(service, "given urgently")] == ("not stated", "yes")
    assert found[(service, "for whom")] == ("Older people", "Survivors of violence")
    assert found[("Address 1", "hours")] == ("Monday 08:00–17:00; Tuesday 08:00–17:00", "Monday 09:00–18:00")
    assert ("Consents", "the data are accurate") not in found


def test_amendment_of_what_the_register_changed_meanwhile_shows_its_present_value(registrar):
    entry = make_provider()
    application = make_submitted("amendment", organisation=entry.organisation)

    def rename(record):
        record.name, record.about = "Нова назва", "Слово реєстратора."

    change_entry(
        entry_id=entry.pk, version=entry.version, change=rename, actor=REGISTRAR, ground="за рішенням суду", now=NOW
    )
    application.refresh_from_db()
    (row,) = [row for row in examination.changes_of_application(application) if row.part == "About the provider"]

    assert (row.old, row.new) == ("Слово реєстратора.", "Тепер працюємо і у вихідні.")
    assert not any("Нова назва" in row.new for row in examination.changes_of_application(application))


@pytest.mark.parametrize("services", [1, 3])
def test_changes_take_the_same_queries_for_any_number_of_services(services, django_assert_num_queries):
    entry = make_provider()
    extra = {}
    for number in range(2, services + 2):
        extra |= service_part(str(number))
    application = make_submitted("amendment", organisation=entry.organisation, **extra)
    application = (
        type(application).objects.select_related("entry__organisation", "entry__parent").get(pk=application.pk)
    )

    with django_assert_num_queries(20):
        rows = examination.changes_of_application(application)

    assert len(rows) > services


def test_inclusion_shows_everything_as_new_and_exclusion_the_standing(registrar):
    inclusion = make_submitted()
    entry = make_provider()
    exclusion = make_submitted("exclusion", organisation=entry.organisation)

    assert {row.old for row in examination.changes_of_application(inclusion)} == {"not stated"}
    (row,) = examination.changes_of_application(exclusion)
    assert (row.old, row.new) == ("included", "excluded")


def test_draft_of_another_is_not_touched_by_examining(registrar):
    draft = make_draft()
    save(draft, {"about/about": "Чернетка."})

    with pytest.raises(PermissionDenied):
        examination.take_application(application_id=draft.pk, user=registrar, now=NOW)
