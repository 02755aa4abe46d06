"""Evaluations: begun once, rated, published only when whole, superseded, replied to; nobody else touches them."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import QualityState, RatingMethod
from procurement.domain.quality.evaluations import abandon, add_member, begin_evaluation, publish, save_about
from procurement.domain.quality.gaps import gaps_of
from procurement.domain.quality.ratings import rate
from procurement.domain.quality.replies import reply
from procurement.models import QualityEvaluation, SurveyBallot
from tests.factories.accounts import make_mandate, make_person
from tests.factories.quality import (
    ORDER,
    PERIOD,
    add_ballots,
    indicator_set,
    make_evaluation,
    make_group,
    make_published,
    make_survey,
    rate_all,
)

pytestmark = pytest.mark.django_db


def begin(house, *, user=None, kind="external", key=None, **others):
    facts = {
        "organisation_id": house.contract.contractor_id,
        "hromada_id": house.contract.hromada_id,
        "contract_id": house.contract.pk,
        "indicators_id": indicator_set().pk,
        **others,
    }
    return begin_evaluation(
        kind=kind, values={**PERIOD, **ORDER}, user=user or house.official, key=key or uuid4(), now=house.now, **facts
    )


def test_double_press_begins_one_evaluation(house):
    key = uuid4()

    assert begin(house, key=key) == begin(house, key=key)
    assert LogEntry.objects.filter(tag="procurement:qualityevaluation:begin").count() == 1


def test_internal_evaluation_is_the_providers_and_external_the_hromadas(house):
    internal = begin(house, kind="internal", user=house.provider)

    assert internal.hromada is None
    with pytest.raises(PermissionDenied):
        begin(house, kind="internal", user=house.official)
    with pytest.raises(PermissionDenied):
        begin(house, user=house.provider)
    with pytest.raises(PermissionDenied):
        begin(house, user=make_person())


def test_official_with_a_mandate_of_the_provider_evaluates_nothing(house):
    make_mandate(house.official, house.contract.contractor, scope="editor")

    with pytest.raises(PermissionDenied):
        begin(house)


def test_contract_of_another_provider_is_refused(house):
    other = make_person()
    organisation = make_mandate(other, house.contract.commissioner.organisation).organisation

    with pytest.raises(StepRefused, match=r"договір|contract"):
        begin(house, organisation_id=organisation.pk)


def test_everything_missing_is_told_at_once(house):
    evaluation = make_evaluation(house.contract, act_number="", conclusion=" ", period_to=date(2027, 7, 14))
    parts = [gap.part for gap in gaps_of(evaluation, house.now)]

    # ten indicators and the total
    assert parts == ["about"] * 3 + ["group"] + ["ratings"] * 11


def test_group_without_civil_society_publishes_nothing(house):
    evaluation = make_evaluation(house.contract)
    rate_all(evaluation)
    values = {"name": "Коваль Олена", "body": "Управління", "is_head": True}
    add_member(evaluation_id=evaluation.pk, values=values, user=house.official)

    with pytest.raises(StepRefused) as refusal:
        publish(evaluation_id=evaluation.pk, user=house.official, now=house.now)

    assert refusal.value.reason == gaps_of(evaluation, house.now)[0].text
    assert [gap.part for gap in gaps_of(evaluation, house.now)] == ["group"]


def test_open_survey_stands_in_the_way(house):
    evaluation = make_evaluation(house.contract)
    rate_all(evaluation)
    make_group(evaluation, house.official)
    make_survey(evaluation)

    assert [gap.part for gap in gaps_of(evaluation, house.now)] == ["survey"]


def test_value_without_dated_evidence_stands_in_the_way(house):
    evaluation = make_evaluation(house.contract)
    rate_all(evaluation)
    make_group(evaluation, house.official)
    evaluation.ratings.filter(code="dignity").update(evidence_on=None)
    evaluation.ratings.filter(code="results").update(value=None, note="")

    assert [(gap.part, gap.code) for gap in gaps_of(evaluation, house.now)] == [
        ("ratings", "results"),
        ("ratings", "dignity"),
    ]


@pytest.mark.databases
def test_published_total_is_recomputed_from_the_frozen_content_alone(house):
    evaluation = make_evaluation(house.contract)
    rate_all(evaluation, "81.37", dignity="64.02", complaints=None)
    make_group(evaluation, house.official)

    published = publish(evaluation_id=evaluation.pk, user=house.official, now=house.now)

    content = json.loads(json.dumps(published.content))
    told = [(Fraction(row["weight"]), Fraction(row["value"])) for row in content["ratings"] if row["value"]]
    exact = sum(weight * value for weight, value in told) / sum(weight for weight, _value in told)
    assert Decimal(content["total"]["value"]) == round(Decimal(exact.numerator) / exact.denominator, 2)
    assert content["total"]["rated"] == 9
    published.refresh_from_db()
    assert (published.total, published.grade) == (Decimal("79.44"), "satisfactory")
    assert published.oldest_on == date(2027, 2, 1)
    assert published.digest == audit.digest_of(content)
    assert audit.verify() is None


def test_published_evaluation_is_changed_by_nothing(house):
    evaluation = make_published(house.contract, user=house.official)
    steps = [
        lambda: publish(evaluation_id=evaluation.pk, user=house.official, now=house.now),
        lambda: abandon(evaluation_id=evaluation.pk, user=house.official, now=house.now),
        lambda: save_about(evaluation_id=evaluation.pk, values={"conclusion": "Інше"}, user=house.official),
        lambda: rate(evaluation_id=evaluation.pk, code="dignity", values={}, user=house.official, now=house.now),
        lambda: add_member(evaluation_id=evaluation.pk, values={"name": "Х", "body": "Y"}, user=house.official),
    ]
    for step in steps:
        with pytest.raises(StepRefused):
            step()


@pytest.mark.databases
def test_later_period_supersedes_and_an_older_one_does_not(house):
    first = make_published(house.contract, user=house.official)
    second = make_published(
        house.contract, user=house.official, period_from=date(2027, 1, 1), period_to=date(2027, 6, 30)
    )
    late = make_published(
        house.contract, user=house.official, period_from=date(2025, 1, 1), period_to=date(2025, 12, 31)
    )

    assert (second.supersedes, late.supersedes) == (first, None)
    first.refresh_from_db()
    assert (first.state, first.content["total"]["value"]) == (QualityState.PUBLISHED, "80.00")


def test_only_who_signs_publishes_an_internal_evaluation(house):
    evaluation = make_evaluation(house.contract, kind="internal")
    rate_all(evaluation)
    editor = make_person()
    make_mandate(editor, house.contract.contractor, scope="editor")

    save_about(evaluation_id=evaluation.pk, values={"conclusion": "Якісно."}, user=editor)
    with pytest.raises(PermissionDenied):
        publish(evaluation_id=evaluation.pk, user=editor, now=house.now)
    assert publish(evaluation_id=evaluation.pk, user=house.provider, now=house.now).grade == "good"


def test_abandoned_evaluation_loses_the_answers(house):
    evaluation = make_evaluation(house.contract)
    add_ballots(make_survey(evaluation), 7, needs="yes")

    assert abandon(evaluation_id=evaluation.pk, user=house.official, now=house.now).state == QualityState.ABANDONED
    assert not SurveyBallot.objects.exists()


# --- ratings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"value": Decimal("100.01")},
        {"value": Decimal(-1)},
        {"value": Decimal(50), "evidence_on": date(2027, 7, 15)},
    ],
)
def test_impossible_rating_is_refused(house, values):
    evaluation = make_evaluation(house.contract)

    with pytest.raises(StepRefused):
        rate(evaluation_id=evaluation.pk, code="dignity", values=values, user=house.official, now=house.now)


def test_unknown_indicator_is_refused(house):
    evaluation = make_evaluation(house.contract)

    with pytest.raises(StepRefused):
        rate(evaluation_id=evaluation.pk, code="beauty", values={}, user=house.official, now=house.now)


def test_rating_is_written_once_an_indicator(house):
    evaluation = make_evaluation(house.contract)
    for value in (None, Decimal(75)):
        values = {"value": value, "method": RatingMethod.VISIT, "note": ""}
        rate(evaluation_id=evaluation.pk, code="dignity", values=values, user=house.official, now=house.now)

    assert list(evaluation.ratings.values_list("code", "value")) == [("dignity", Decimal(75))]


# --- replies ---------------------------------------------------------------------------------------------------------


def test_provider_replies_once_beside_what_was_published(house):
    evaluation = make_published(house.contract, user=house.official)
    key = uuid4()

    def say(user, **others):
        told = {"text": "Не погоджуємося щодо строків.", "key": key, **others}
        return reply(evaluation_id=evaluation.pk, user=user, now=house.now + timedelta(days=1), **told)

    assert say(house.provider) == say(house.provider)
    assert evaluation.replies.get().log_seq
    with pytest.raises(PermissionDenied):
        say(house.official, key=uuid4())
    with pytest.raises(StepRefused):
        say(house.provider, key=uuid4(), text="  ")


def test_draft_gets_no_reply(house):
    evaluation = make_evaluation(house.contract)

    with pytest.raises(PermissionDenied):
        reply(evaluation_id=evaluation.pk, text="Так", user=house.provider, key=uuid4(), now=house.now)


def test_log_has_neither_words_nor_people(house):
    evaluation = make_published(house.contract, user=house.official)
    reply(evaluation_id=evaluation.pk, text="Мельник помилився", user=house.provider, key=uuid4(), now=house.now)

    said = " ".join(str(entry.payload) for entry in LogEntry.objects.all())
    assert "Мельник" not in said
    assert "Журнал" not in said
    assert QualityEvaluation.objects.get().digest in said
