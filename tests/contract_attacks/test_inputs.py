"""What nobody means to send: broken letters, moments beyond the calendar, sums beyond their columns, keys of others."""

import json
from datetime import date
from decimal import Decimal
from time import process_time
from uuid import uuid4

import pytest
from django.urls import reverse

from portal.kernel.personal_data import suspects
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ReportState, VisitState
from procurement.domain.contracts.drafting import save_line
from procurement.domain.contracts.making import Ground, make_direct
from procurement.domain.contracts.offering import gaps_before_offer
from procurement.domain.delivery.act_making import make_from_report
from procurement.models import VisitSubmission
from tests.contracts.making import Deal
from tests.factories.contracts import CONCLUDED, NOW, make_budget_line, make_contract, make_report
from tests.factories.monitoring import make_visit
from tests.factories.ordering import make_official_who_orders
from tests.factories.quality import make_evaluation

pytestmark = pytest.mark.django_db

BROKEN = "а\x00б\ud800в"


@pytest.mark.databases
def test_parcel_of_a_visit_with_broken_letters_is_kept_without_them(sign_in):
    contract = make_contract()
    visit = make_visit(contract, VisitState.PLANNED)
    browser, address = sign_in(contract.created_by), reverse("contracting:visit_send", args=[visit.pk])
    answer = {"answer": "ok", "note": BROKEN, "base": BROKEN, "at": "0001-01-01T00:00:00+14:00"}
    for code, moment in (("journal", answer["at"]), ("schedule", "9999-12-31T23:59:59-14:00")):
        content = {"held_on": "2027-07-01", "notes": BROKEN, "answers": {code: {**answer, "at": moment}}}
        parcel = json.dumps({"key": str(uuid4()), "device": BROKEN, "content": content})
        assert browser.post(address, parcel, content_type="application/json").status_code == 200

    sent = VisitSubmission.objects.first()
    assert (sent.device, sent.content["notes"]) == ("абв", "абв")
    assert {row.answered_at for row in visit.answers.all()} == {NOW}
    assert browser.post(address, "[" * 200_000, content_type="application/json").status_code == 400


def test_sum_beyond_its_column_is_refused_and_nothing_is_lost():
    deal = Deal()
    most = Decimal("9999999999.99")
    told = {"version_id": deal.version.pk, "user": deal.official, "now": CONCLUDED}
    line = {"title": "Догляд", "pricing": "unit", "volume": most, "unit": "day", "tariff": most}
    with pytest.raises(StepRefused, match="too large"):
        save_line(values=line, number=1, **told)
    with pytest.raises(StepRefused, match="too large"):
        for _place in range(2):
            save_line(values={"title": "Догляд", "pricing": "lump", "sum": Decimal("999999999999.99")}, **told)
    one = {"tariff": Decimal("9999999.00"), "volume": Decimal(1)}
    contract = make_contract(lines=(one,), line=make_budget_line(amount="99999999.00"))
    report = make_report(contract, units="9999999999.99")
    person = contract.contractor.mandates.first().person
    with pytest.raises(StepRefused, match="too large"):
        make_from_report(report_id=report.pk, user=person, key=uuid4(), now=NOW)


def test_year_that_nobody_means_is_told_beside_its_field(sign_in):
    deal = Deal()
    deal.version.service_from, deal.version.service_to = date(1, 1, 1), date(9999, 12, 31)
    assert {"service_from", "service_to"} <= {gap.field for gap in gaps_before_offer(deal.contract, deal.version)}
    evaluation = make_evaluation(make_contract())
    browser = sign_in(evaluation.created_by or evaluation.contract.created_by)
    page = browser.post(reverse("quality:survey", args=[evaluation.pk]), {"last_on": "9999-12-31"})
    assert page.status_code == 422
    assert "Check the year." in page.content.decode()


def test_key_of_another_form_changes_nothing(sign_in):
    contract = make_contract()
    browser = sign_in(contract.contractor.mandates.first().person)
    reports = [make_report(contract, number, state=ReportState.DUE) for number in (1, 2)]
    sheet = {"version": "0", "done": "Надано послуги.", "line-1-0-group": "0", "line-1-0-units": "1", "file": "1"}
    sheet["key"] = str(uuid4())
    sent = [browser.post(reverse("contractor:report", args=[one.pk]), sheet).status_code for one in reports]
    assert sent == [302, 422]

    deal, key = Deal(), uuid4()
    told = {"commissioner_id": deal.contract.commissioner_id, "contractor_id": deal.organisation.pk}
    told |= {"channel": "own_provider", "title": "Догляд", "ground": Ground("Рішення № 5"), "key": key}
    make_direct(user=deal.official, now=CONCLUDED, **told)
    with pytest.raises(StepRefused, match="already sent"):
        make_direct(user=make_official_who_orders(deal.contract.hromada), now=CONCLUDED, **told)


def test_endless_word_is_looked_through_at_once():
    begun = process_time()
    assert not suspects("а" * 100_000)
    assert [one.words for one in suspects("Пишіть на olena.k+1@example.com.ua.")] == ["olena.k+1@example.com.ua"]
    assert process_time() - begun < 5


def test_act_of_no_contract_is_not_found(client):
    make_budget_line()
    assert client.get("/contracts/%00/acts/1.pdf").status_code == 404
    assert client.get(f"/contracts/2027-D00001/acts/{'9' * 30}.pdf").status_code == 404
