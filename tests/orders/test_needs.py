"""Needs: published once, corrected by another, and shown so that no group under five can be told or computed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.planning import needs, refusals
from procurement.enums import AssessmentState
from procurement.models import LackRefusal, NeedsAssessment, NeedsFigure, NeedsService
from procurement.queries.orders_needs import Hidden, Shown, public_needs, refusals_since, refused_lines, shown
from registry.models import ServiceType
from tests.factories.orders import NOW, make_needs
from tests.factories.registry import make_catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def figures_of(*persons):
    """Return what is shown of a table with these numbers; no database is asked."""
    assessment = NeedsAssessment(pk=1)
    rows = [NeedsFigure(assessment=assessment, label=str(place), persons=one) for place, one in enumerate(persons)]
    assessment._prefetched_objects_cache = {"figures": rows, "services": []}
    return [line.persons for line in public_needs(assessment).figures]


def service_of(need, receive):
    assessment = NeedsAssessment(pk=1)
    row = NeedsService(assessment=assessment, service_type=ServiceType(slug="x"), need=need, receive=receive)
    assessment._prefetched_objects_cache = {"figures": [], "services": [row]}
    (line,) = public_needs(assessment).services
    return line.need, line.receive, line.lack


FEW, TELLS, UNKNOWN = (Shown(hidden=hidden) for hidden in (Hidden.FEW, Hidden.TELLS, Hidden.UNKNOWN))


@pytest.mark.parametrize(
    ("persons", "seen"),
    [(None, UNKNOWN), (0, Shown(0)), (1, FEW), (4, FEW), (5, Shown(5)), (1200, Shown(1200))],
)
def test_small_group_is_hidden_and_unknown_is_not_zero(persons, seen):
    assert shown(persons) == seen


@pytest.mark.parametrize(
    ("persons", "seen"),
    [
        # a total after its parts or before them would give the small part away
        ([60, 37, 3, 100], [Shown(60), Shown(37), FEW, TELLS]),
        ([100, 60, 37, 3], [TELLS, Shown(60), Shown(37), FEW]),
        ([50, 100, 97, 3, 70], [Shown(50), TELLS, Shown(97), FEW, Shown(70)]),
        # one that sums up nothing hidden stays, and so does one that is no sum
        ([60, 40, 100], [Shown(60), Shown(40), Shown(100)]),
        ([60, 37, 3, 250], [Shown(60), Shown(37), FEW, Shown(250)]),
        ([60, None, 3, 63], [Shown(60), UNKNOWN, FEW, TELLS]),
    ],
)
def test_total_that_would_tell_a_small_group_is_hidden(persons, seen):
    assert figures_of(*persons) == seen


@pytest.mark.parametrize(
    ("need", "receive", "seen"),
    [
        (40, 12, (Shown(40), Shown(12), Shown(28))),
        (40, 40, (Shown(40), Shown(40), Shown(0))),
        (40, 45, (Shown(40), Shown(45), Shown(0))),
        # two go without: need less receipt would tell it
        (40, 38, (Shown(40), TELLS, FEW)),
        # few receive: the lack would tell how many
        (40, 3, (Shown(40), FEW, TELLS)),
        # so few need it that two words would leave one answer
        (8, 4, (Shown(8), TELLS, TELLS)),
        (6, 5, (Shown(6), TELLS, TELLS)),
        (3, 0, (FEW, Shown(0), TELLS)),
        (None, 12, (UNKNOWN, Shown(12), UNKNOWN)),
        (40, None, (Shown(40), UNKNOWN, UNKNOWN)),
    ],
)
def test_lack_never_tells_a_small_group(need, receive, seen):
    assert service_of(need, receive) == seen


@settings(deadline=None)
@given(need=st.integers(0, 30), receive=st.integers(0, 30))
def test_no_small_group_follows_from_what_is_shown(need, receive):
    """Whatever else could be true beside what is shown, more than one size of each small group could."""
    seen = service_of(need, receive)
    alike = [(n, r) for n in range(31) for r in range(31) if service_of(n, r) == seen]

    for small in ((need, 0), (receive, 1)):
        if 0 < small[0] < 5:
            assert len({pair[small[1]] for pair in alike}) > 1
    if 0 < need - receive < 5:
        assert len({n - r for n, r in alike}) > 1


# --- steps -------------------------------------------------------------------------------------------------------------


def test_published_needs_are_logged_without_numbers_of_people(places, official):
    found = make_needs(official)

    entry = LogEntry.objects.get(seq=found.log_seq)
    assert (entry.tag, entry.subject) == ("procurement:needs:publish", f"procurement.needs:{found.pk}")
    assert entry.payload == (
        '{"as_of":"2027-01-01","document":null,"hromada":"UA53080130000079450","rows":3,"supersedes":null}'
    )
    assert audit.verify() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda pk, user: needs.put_figure(assessment_id=pk, user=user, values={"label": "x", "persons": 1}),
        lambda pk, user: needs.remove_figure(assessment_id=pk, figure_id=1, user=user),
        lambda pk, user: needs.put_service(
            assessment_id=pk, user=user, values={"service_type": make_catalogue().shelter}
        ),
        lambda pk, user: needs.remove_service(assessment_id=pk, row_id=1, user=user),
        lambda pk, user: needs.describe_assessment(assessment_id=pk, user=user, values={"method": "x"}, now=NOW),
        lambda pk, user: needs.publish_assessment(assessment_id=pk, user=user, now=NOW),
        lambda pk, user: needs.discard_assessment(assessment_id=pk, user=user),
    ],
)
def test_published_needs_are_not_changed(official, change):
    found = make_needs(official)

    with pytest.raises(StepRefused):
        change(found.pk, official)

    assert (found.figures.count(), found.services.count()) == (2, 1)


def test_correction_supersedes_and_the_first_stays(official):
    found = make_needs(official)
    draft = needs.correct_assessment(assessment_id=found.pk, user=official, reason="Не ті числа.", now=NOW)
    figure = draft.figures.first()
    needs.put_figure(assessment_id=draft.pk, user=official, values={"persons": 130}, figure_id=figure.pk)
    right = needs.publish_assessment(assessment_id=draft.pk, user=official, now=NOW)

    assert (right.supersedes, right.correction) == (found, "Не ті числа.")
    assert [row.persons for row in found.figures.all()] == [120, 3]
    assert [row.persons for row in right.figures.all()] == [130, 3]
    assert right.services.count() == 1


def test_correction_is_begun_once_and_made_once(official, read_in_english):
    found = make_needs(official)
    draft = needs.correct_assessment(assessment_id=found.pk, user=official, reason="Не ті.", now=NOW)
    assert needs.correct_assessment(assessment_id=found.pk, user=official, reason="Ще.", now=NOW) == draft
    needs.publish_assessment(assessment_id=draft.pk, user=official, now=NOW)

    with pytest.raises(StepRefused, match="corrected already"):
        needs.correct_assessment(assessment_id=found.pk, user=official, reason="Ще.", now=NOW)


def test_impossible_needs_are_refused_with_the_reason(places, official, read_in_english):
    start = {"hromada_id": places.dykanska.pk, "user": official, "now": NOW}
    with pytest.raises(StepRefused, match="not come yet"):
        needs.start_assessment(as_of=date(2027, 2, 1), **start)
    draft = needs.start_assessment(as_of=date(2027, 1, 1), **start)
    of = {"assessment_id": draft.pk, "user": official}
    with pytest.raises(StepRefused, match="at least one row"):
        needs.publish_assessment(now=NOW, **of)
    with pytest.raises(StepRefused, match="Name the group"):
        needs.put_figure(values={"persons": 12}, **of)
    needs.put_service(values={"service_type": make_catalogue().shelter}, **of)
    with pytest.raises(StepRefused, match="already in the list"):
        needs.put_service(values={"service_type": make_catalogue().shelter}, **of)
    with pytest.raises(StepRefused, match="must not be earlier"):
        needs.describe_assessment(values={"study_from": date(2027, 1, 10), "study_to": date(2027, 1, 9)}, now=NOW, **of)


def test_draft_is_begun_once_and_may_be_thrown_away(places, official):
    of = {"hromada_id": places.dykanska.pk, "user": official, "as_of": date(2027, 1, 1), "now": NOW}
    draft = needs.start_assessment(**of)

    assert needs.start_assessment(**of) == draft
    needs.discard_assessment(assessment_id=draft.pk, user=official)
    assert not NeedsAssessment.objects.exists()


def test_needs_of_another_hromada_are_not_touched(official, neighbour):
    draft = make_needs(official, publish=False)

    for step in (needs.publish_assessment, needs.describe_assessment):
        extra = {"values": {"method": "x"}} if step is needs.describe_assessment else {}
        with pytest.raises(PermissionDenied):
            step(assessment_id=draft.pk, user=neighbour, now=NOW, **extra)

    draft.refresh_from_db()
    assert draft.state == AssessmentState.DRAFT


# --- refusals ----------------------------------------------------------------------------------------------------------


def refuse(places, user, times=1, **facts):
    values = {"service_type": make_catalogue().shelter, "refused_on": date(2027, 1, 10), **facts}
    for _turn in range(times):
        found = refusals.enter_refusal(hromada_id=places.dykanska.pk, user=user, now=NOW, **values)
    return found


def test_refusals_are_public_from_five_on(places, official):
    refuse(places, official, 4)
    refuse(places, official, 5, service_type=make_catalogue().home_care)
    refuse(places, official, 9, refused_on=date(2026, 12, 31))

    lines = refused_lines(refusals_since(places.dykanska, date(2027, 1, 1)))

    assert [(line.service.slug, line.number) for line in lines] == [("home-care", Shown(5)), ("shelter", FEW)]


def test_log_of_refusals_tells_neither_place_nor_service(places, official):
    found = refuse(places, official)
    refusals.tell_of_refusal(refusal_id=found.pk, user=official, told_on=date(2027, 1, 12), now=NOW)
    refusals.remove_refusal(refusal_id=found.pk, user=official, now=NOW)

    entries = LogEntry.objects.filter(tag__startswith="procurement:refusal").values_list("tag", "payload")
    assert list(entries) == [(f"procurement:refusal:{act}", "{}") for act in ("enter", "told", "remove")]
    assert not LackRefusal.objects.exists()


def test_impossible_refusal_is_refused(places, official, neighbour):
    with translation.override("en"):
        with pytest.raises(StepRefused, match="not come yet"):
            refuse(places, official, refused_on=date(2027, 2, 1))
        with pytest.raises(StepRefused, match="before the refusal"):
            refuse(places, official, told_on=date(2027, 1, 9))
    with pytest.raises(PermissionDenied):
        refuse(places, neighbour)
