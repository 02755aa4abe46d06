"""The yearly internal evaluation: its day by the rule alone, letters once a step, who is told of what."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.kernel.models import DeadlineRule, OutboxMessage
from procurement.domain.quality.evaluations import publish
from procurement.domain.quality.replies import reply
from procurement.domain.quality.yearly import internal_due, remind_of_yearly, waiting_of
from procurement.queries.contracts.ratings import evaluations_of_hromada, latest_of
from tests.factories.quality import make_evaluation, make_published, rate_all

pytestmark = pytest.mark.django_db
# the contract of the tests runs in 2027: its internal evaluation is due by the end of 2028
DECEMBER = datetime(2028, 12, 10, 9, 0, tzinfo=UTC)


def letters(part: str) -> list[str]:
    return list(OutboxMessage.objects.filter(key__contains=part).order_by("key").values_list("key", flat=True))


def test_day_comes_from_the_rule(house):
    assert internal_due(2027).on == date(2028, 12, 31)
    assert not internal_due(2027).verified

    DeadlineRule.objects.filter(code="quality-internal").update(amount=None)
    assert internal_due(2027).on is None
    assert internal_due(2027).explanation


@pytest.mark.databases
def test_provider_is_reminded_once_a_step_until_it_publishes(house):
    assert remind_of_yearly(now=house.now) == 0
    assert [remind_of_yearly(now=DECEMBER) for _run in range(2)] == [1, 0]
    assert remind_of_yearly(now=DECEMBER.replace(day=29)) == 1
    assert remind_of_yearly(now=datetime(2029, 1, 3, 9, tzinfo=UTC)) == 1
    assert len(letters("quality-yearly")) == 3


def test_rule_without_a_length_reminds_of_nothing(house):
    DeadlineRule.objects.filter(code="quality-internal").update(amount=None)

    assert remind_of_yearly(now=DECEMBER) == 0


def test_published_internal_evaluation_ends_the_waiting(house):
    provider = house.contract.contractor
    assert [one.year for one in waiting_of([provider], date(2028, 6, 1))] == [2027]

    evaluation = make_evaluation(
        house.contract, kind="internal", period_from=date(2027, 1, 1), period_to=date(2027, 12, 31)
    )
    rate_all(evaluation)
    publish(evaluation_id=evaluation.pk, user=house.provider, now=datetime(2028, 3, 1, 9, tzinfo=UTC))

    assert waiting_of([provider], date(2028, 6, 1)) == []
    assert remind_of_yearly(now=DECEMBER) == 0


def test_provider_hears_of_the_publication_and_officials_of_the_reply(house):
    evaluation = make_published(house.contract, user=house.official)
    reply(evaluation_id=evaluation.pk, text="Дякуємо.", user=house.provider, key=uuid4(), now=house.now)

    assert letters("quality-published") == [f"procurement:quality-published:{evaluation.pk}:{house.provider.pk}"]
    assert [key.rsplit(":", 1)[1] for key in letters("quality-replied")] == [str(house.official.pk)]


def test_card_of_the_provider_has_the_latest_of_each_kind(house):
    make_published(house.contract, user=house.official)
    second = make_published(
        house.contract, user=house.official, period_from=date(2027, 1, 1), period_to=date(2027, 6, 30)
    )

    assert latest_of(house.contract.contractor) == [second]
    assert list(evaluations_of_hromada(house.contract.hromada)) == [second]
