"""What no public channel tells: who a natural person is, how few people a sum leaves over."""

from decimal import Decimal

import pytest

from portal.accounts.enums import PersonType
from portal.kernel.workflow import StepRefused
from procurement.domain.contracts.contents import content_of
from procurement.domain.contracts.signing import sign
from procurement.domain.delivery import act_papers
from procurement.domain.delivery.milestones import MilestoneFacts, add_milestone, meet
from procurement.interfaces.quality_list import QualityFilter
from procurement.models import ReportRow
from procurement.queries.contracts.people import public_rows
from procurement.queries.orders_needs import Hidden
from tests.contracts.making import Deal
from tests.factories.contracts import CONCLUDED, NOW, make_act, make_contract
from tests.factories.quality import make_published
from tests.factories.registry import make_catalogue

pytestmark = pytest.mark.django_db

NAME = "Сірко Іван Іванович"


def as_person(organisation):
    organisation.code, organisation.person_type, organisation.legal_form = None, PersonType.NATURAL_PERSON, "other"
    organisation.name = NAME
    organisation.save()


def test_natural_person_is_named_in_no_version_act_or_signature():
    deal = Deal()
    as_person(deal.organisation)
    deal.refresh()
    deal.offer()
    assert "Сірко" not in str(deal.version.content)
    sign(version_id=deal.version.pk, user=deal.person, side="contractor", signer=NAME, now=CONCLUDED)
    assert "Сірко" not in deal.version.signatures.get().signer

    contract = make_contract()
    as_person(contract.contractor)
    act = make_act(contract)
    act.contract.refresh_from_db()
    assert "Сірко" not in str(act_papers.content_of(act))
    assert "Сірко" not in str(content_of(contract.versions.get(), contract))


def test_natural_person_is_not_found_by_name_among_evaluations():
    contract = make_contract()
    evaluation = make_published(contract, user=contract.created_by)
    assert evaluation in QualityFilter(text=evaluation.organisation.name).rows()
    as_person(evaluation.organisation)
    assert not QualityFilter(text="Сірко").rows()


def test_number_of_all_is_hidden_where_the_rest_of_it_is_few():
    words = make_catalogue()
    rows = [ReportRow(line=1, group=None, recipients=23), ReportRow(line=1, group=words.older_people, recipients=20)]
    told = {line.group: line.people for line in public_rows(rows)[0].groups}
    assert told[None].hidden == Hidden.TELLS
    assert told[words.older_people].value == 20
    rows[0].recipients = 26
    assert [line.people.value for line in public_rows(rows)[0].groups] == [26, 20]


def test_figure_of_a_milestone_tells_of_no_few_recipients():
    contract = make_contract()
    told = {"contract_id": contract.pk, "user": contract.created_by, "now": NOW}
    few = MilestoneFacts("Охоплено отримувачів", contract.service_to, "осіб", Decimal(3))
    with pytest.raises(StepRefused, match="told to nobody"):
        add_milestone(facts=few, **told)
    row = add_milestone(facts=MilestoneFacts("Охоплено отримувачів", contract.service_to, "осіб", Decimal(8)), **told)
    with pytest.raises(StepRefused, match="told to nobody"):
        meet(milestone_id=row.pk, user=contract.created_by, on=NOW.date(), fact=Decimal(3), reason="Менше.", now=NOW)
    add_milestone(facts=MilestoneFacts("Підібрано персонал", contract.service_to, "осіб", Decimal(3)), **told)
