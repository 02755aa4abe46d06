"""The shipped tables of the social order: honest, whole, loaded twice without harm, and never over a correction."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from portal.kernel.models import DeadlineRule, RuleProfile
from portal.kernel.norms import Unit
from portal.kernel.reference import load_norms
from procurement.domain.calls.freezing import live_rules
from procurement.domain.reference import FOLDER, TEMPLATES, load_procurement
from procurement.enums import GroundUse, Moment
from procurement.models import CompetitionPolicy, FormVersion, ProcedureGround, RubricVersion, TimetableRule
from procurement.ranking import RubricRefused, gaps_of
from tests.factories.ordering import NOW
from tests.factories.procurement import make_published

pytestmark = pytest.mark.django_db

ORDER = ("social-order", "social-project")


@pytest.fixture
def shipped():
    load_norms()
    return load_procurement()


def copy_tables(folder: Path) -> None:
    """Make a folder of reference tables with the shipped ones, without forms, rubrics and other templates."""
    for table in FOLDER.glob("*.json"):
        (folder / table.name).write_text(table.read_text(encoding="utf-8"), encoding="utf-8")
    for name in TEMPLATES:
        (folder / name).mkdir()


def changed(counts) -> int:
    return sum(one.created + one.changed for one in counts.values())


def test_loading_twice_changes_nothing(shipped):
    assert changed(shipped) > 40
    assert changed(load_procurement()) == 0


def test_every_rule_of_a_timetable_has_its_term_and_points_in_order(shipped):
    for row in TimetableRule.objects.select_related("profile"):
        rule = row.profile.rules.get(code=row.code)
        start, end = Moment.values.index(row.start), Moment.values.index(row.end)
        assert start != end
        if rule.direction == 1 and rule.unit != Unit.FIXED_DATE:
            assert start < end
        row.full_clean()


def test_no_term_of_a_competition_has_an_invented_amount(shipped):
    known = {"order-decision-amended": 30, "project-eligibility": 6, "project-martial-law-tail": 9}
    rows = DeadlineRule.objects.filter(profile__procedure__in=ORDER, amount__isnull=False)
    assert dict(rows.values_list("code", "amount")) == known
    assert not DeadlineRule.objects.filter(profile__procedure__in=ORDER, verified=True).exists()
    assert not any(row.verified for row in CompetitionPolicy.objects.all())
    assert not ProcedureGround.objects.filter(verified=True).exists()


def test_both_procedures_have_the_terms_that_the_portal_asks_for(shipped):
    for procedure in ORDER:
        rules = live_rules(RuleProfile.objects.get(procedure=procedure, authority=""), NOW.date())
        asked = {"question-end", "question-answer", "question-grace", "question-hold", "change-freeze"}
        assert asked <= set(rules.terms)
        assert all(rules.term(code) is None for code in asked)
        assert rules.terms["question-end"].direction == rules.terms["change-freeze"].direction == -1
        assert {rule.end for rule in rules.rules} >= {"closes_at", "opening_at", "award_on", "contract_on"}


def test_policies_name_forms_and_rubrics_that_exist(shipped):
    for policy in CompetitionPolicy.objects.all():
        assert FormVersion.objects.filter(code=policy.form).exists()
        assert RubricVersion.objects.filter(code=policy.rubric).exists()
        policy.full_clean()


def test_the_rubric_has_six_criteria_and_says_that_the_rest_is_a_local_rule(shipped):
    rubric = RubricVersion.objects.get(code="order-332-predecessor")
    criteria = rubric.definition["criteria"]
    assert (rubric.number, len(criteria)) == (2, 6)
    assert {(one["weight"], one["max"], one["step"]) for one in criteria} == {("1", "4", "1")}
    assert all("місцеве правило" in one["note_uk"] for one in criteria)
    assert "місцеві правила" in rubric.note
    assert not rubric.verified


def test_proposals_can_be_ranked_by_every_shipped_rubric(shipped):
    for rubric in RubricVersion.objects.all():
        assert gaps_of(rubric.definition) == []


def test_a_rubric_with_a_fault_is_not_loaded(shipped, tmp_path):
    copy_tables(tmp_path)
    source = json.loads((FOLDER / "rubrics/order-332-predecessor.json").read_text(encoding="utf-8"))
    source["definition"]["ties"] = [{"by": "age"}]
    (tmp_path / "rubrics/rubric.json").write_text(json.dumps(source), encoding="utf-8")
    with pytest.raises(RubricRefused):
        load_procurement(folder=tmp_path)
    assert RubricVersion.objects.filter(code="order-332-predecessor").count() == 1


def test_there_is_a_ground_for_every_step_that_needs_one(shipped):
    assert set(ProcedureGround.objects.values_list("use", flat=True)) == set(GroundUse.values)


def test_what_an_administrator_corrected_stays(shipped):
    CompetitionPolicy.objects.update(needs_register=False, edited_at=timezone.now())
    TimetableRule.objects.filter(code="proposals-window").update(bound="not_after")
    load_procurement()
    assert not CompetitionPolicy.objects.filter(needs_register=True).exists()
    assert TimetableRule.objects.get(code="proposals-window").bound == "not_before"


def test_a_changed_definition_becomes_the_next_version_and_the_old_one_stays(tmp_path):
    competition = make_published()
    copy_tables(tmp_path)
    source = json.loads((FOLDER / "rubrics/order-332-predecessor.json").read_text(encoding="utf-8"))
    source["definition"]["threshold"] = "16"
    (tmp_path / "rubrics/rubric.json").write_text(json.dumps(source), encoding="utf-8")
    for _turn in range(2):
        load_procurement(folder=tmp_path)
    versions = RubricVersion.objects.filter(code="order-332-predecessor").order_by("number")
    assert [(one.number, one.definition["threshold"]) for one in versions] == [(2, "12.00"), (3, "16")]
    competition.refresh_from_db()
    assert competition.rubric.number == 2
    assert make_published().rubric.number == 3
