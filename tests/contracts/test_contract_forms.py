"""Pages of one contract: the official's and the provider's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from portal.kernel import clock
from procurement.contract_enums import ContractState, ContractVersionState
from procurement.interfaces.contract_draft_forms import sections_of, text_of
from procurement.models import Contract
from tests.contracts.making import Deal, concluded, go
from tests.contracts.test_contracts import accepted
from tests.factories.accounts import make_official
from tests.factories.contracts import CONCLUDED, make_contract, make_typed_ground
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


# --- the official ----------------------------------------------------------------------------------------------------


def test_official_fills_in_a_contract_and_both_sign(client, deal: Deal) -> None:
    client.force_login(deal.official)
    pk = deal.contract.pk
    hub = go(client, "contracting:contract", pk)
    assert hub.status_code == 200
    for name in ("draft", "lines", "line_new", "funding", "text", "offer"):
        assert go(client, f"contracting:{name}", pk).status_code == 200, name
    assert go(client, "contracting:offer", pk, go="1").status_code == 302
    deal.refresh()
    assert deal.version.state == ContractVersionState.OFFERED
    told = {"signer": "Коваль О. П., голова", "read": "on", "digest": deal.version.digest}
    wrong = go(client, "contracting:sign", pk, signer="", digest=deal.version.digest)
    assert wrong.status_code == 422
    assert go(client, "contracting:sign", pk, **told).status_code == 302
    client.force_login(deal.person)
    assert go(client, "contractor:contract", pk).status_code == 200
    assert go(client, "contractor:sign", pk).status_code == 200
    assert go(client, "contractor:sign", pk, **told).status_code == 302
    deal.refresh()
    assert deal.contract.state == ContractState.IN_FORCE
    assert go(client, "contractor:contract", pk).status_code == 200


def test_line_form_keeps_what_was_typed_and_says_what_is_wrong(client, deal: Deal) -> None:
    client.force_login(deal.official)
    told = {"title": "Консультування", "pricing": "unit", "volume": "дванадцять", "unit": "", "tariff": "150,50"}
    answer = go(client, "contracting:line_new", deal.contract.pk, **told)
    assert answer.status_code == 422
    assert "дванадцять" in answer.content.decode()
    assert {"volume", "unit"} <= set(answer.context["form"].errors)
    told |= {"volume": "12,5", "unit": "person_hour"}
    assert go(client, "contracting:line_new", deal.contract.pk, **told).status_code == 302
    assert deal.version.lines.get(number=2).sum == Decimal("1881.25")
    assert go(client, "contracting:line_remove", deal.contract.pk, 2, go="1").status_code == 302
    assert deal.version.lines.count() == 1


def test_terms_form_refuses_what_somebody_else_saved_meanwhile(client, deal: Deal) -> None:
    client.force_login(deal.official)
    page = go(client, "contracting:draft", deal.contract.pk)
    told = {name: value or "" for name, value in page.context["form"].initial.items()}
    assert go(client, "contracting:draft", deal.contract.pk, **told, x="1").status_code == 302
    again = go(client, "contracting:draft", deal.contract.pk, **{**told, "title": "Моє"})
    assert again.status_code == 422
    assert "Моє" in again.content.decode()


def test_funding_form_takes_sums_by_budget_line(client, deal: Deal) -> None:
    client.force_login(deal.official)
    assert go(client, "contracting:funding", deal.contract.pk, **{f"line_{deal.budget.pk}": "-1"}).status_code == 422
    told = {f"line_{deal.budget.pk}": "100 000,50"}
    assert go(client, "contracting:funding", deal.contract.pk, **told).status_code == 302
    deal.refresh()
    assert deal.version.funding == [{"line": deal.budget.pk, "amount": "100000.50"}]


def test_text_form_reads_headings_and_refuses_unknown_places(client, deal: Deal) -> None:
    client.force_login(deal.official)
    bad = go(client, "contracting:text", deal.contract.pk, text="# Предмет\n\n{{secret}}")
    assert bad.status_code == 422
    text = "# Предмет\n\nПерший рядок\nі другий.\n\nДругий абзац.\n# Ціна\n\n{{sum}}"
    assert go(client, "contracting:text", deal.contract.pk, text=text).status_code == 302
    deal.refresh()
    assert deal.version.sections == sections_of(text)
    assert sections_of(text_of(deal.version.sections)) == deal.version.sections
    assert deal.version.sections[0]["paragraphs"] == ["Перший рядок і другий.", "Другий абзац."]


def test_offer_page_leads_to_everything_that_is_missing(client, deal: Deal) -> None:
    client.force_login(deal.official)
    deal.version.lines.all().delete()
    page = go(client, "contracting:offer", deal.contract.pk)
    assert reverse("contracting:lines", args=[deal.contract.pk]) in [gap.url for gap in page.context["gaps"]]
    assert go(client, "contracting:offer", deal.contract.pk, go="1").status_code == 422


def test_taking_back_asks_why(client, deal: Deal) -> None:
    deal.offer()
    client.force_login(deal.official)
    assert go(client, "contracting:offer", deal.contract.pk, reason=" ").status_code == 422
    assert go(client, "contracting:offer", deal.contract.pk, reason="Описка.").status_code == 302
    deal.refresh()
    assert deal.contract.state == ContractState.DRAFT


def test_award_page_makes_the_contract(client) -> None:
    award, round_ = accepted()
    client.force_login(round_.competition.created_by)
    assert b"of_award" not in go(client, "contracting:start").content
    page = go(client, "commissioning:awards", round_.competition.pk)
    assert reverse("contracting:of_award", args=[award.pk]) in page.content.decode()
    answer = go(client, "contracting:of_award", award.pk, go="1")
    made = Contract.objects.get()
    assert answer.url == reverse("contracting:contract", args=[made.pk])
    assert go(client, "contracting:of_award", award.pk, go="1").url == answer.url


def test_direct_form_finds_the_provider_by_code(client, deal: Deal) -> None:
    client.force_login(deal.official)
    page = go(client, "contracting:direct")
    told = {
        "channel": "procurement",
        "commissioner": deal.contract.commissioner_id,
        "code": "11111111",
        "title": "Паліативний догляд",
        "ground_text": "Відкриті торги",
        "identifier": "",
        "key": page.context["form"]["key"].value(),
    }
    wrong = go(client, "contracting:direct", **told)
    assert {"code", "identifier"} <= set(wrong.context["form"].errors)
    told |= {"code": deal.organisation.code, "identifier": "UA-2027-03-01-000001-a"}
    answer = go(client, "contracting:direct", **told)
    assert answer.status_code == 302
    assert go(client, "contracting:direct", **told).url == answer.url


LIST = 6


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_contracts_asks_as_much_for_three_as_for_one(client, django_assert_num_queries, count: int) -> None:
    official = make_official_who_orders(make_territories().dykanska)
    for _one in range(count):
        make_contract(created_by=official)
    client.force_login(official)
    go(client, "contracting:contracts")
    with django_assert_num_queries(LIST):
        assert go(client, "contracting:contracts").status_code == 200


def test_running_contract_is_amended_suspended_and_ended_by_pages(client) -> None:
    deal = concluded()
    client.force_login(deal.official)
    pk = deal.contract.pk
    grounds = {use: make_typed_ground(use).pk for use in ("amendment", "suspension", "termination")}
    for name in ("contract", "amend", "suspend", "terminate", "close"):
        assert go(client, f"contracting:{name}", pk).status_code == 200, name
    assert go(client, "contracting:close", pk, reason="").status_code == 422
    assert go(client, "contracting:amend", pk, go="1").status_code == 302
    assert go(client, "contracting:amend", pk, ground=grounds["amendment"]).status_code == 422
    why = {"ground": grounds["amendment"], "citation": "п. 9", "reason": "Потреба змінилася."}
    assert go(client, "contracting:amend", pk, **why).status_code == 302
    assert go(client, "contracting:contract", pk).context["drafted"]
    assert go(client, "contracting:amend", pk, withdraw="1").status_code == 422
    assert go(client, "contracting:amend", pk, withdraw="1", **{"up-reason": "Передумали."}).status_code == 302
    assert go(client, "contracting:suspend", pk, reason="Обстріли.").status_code == 422
    told = {"ground": grounds["suspension"], "reason": "Обстріли."}
    assert go(client, "contracting:suspend", pk, **told).status_code == 302
    assert go(client, "contracting:resume", pk).status_code == 200
    assert go(client, "contracting:resume", pk, reason="Безпечно.").status_code == 302
    end = {"ground": grounds["termination"], "reason": "За згодою.", "on": "2027-02-25"}
    with clock.standing_at(CONCLUDED + timedelta(days=10)):
        assert go(client, "contracting:terminate", pk, **end).status_code == 302
    assert go(client, "contracting:contract", pk).status_code == 200
    deal.refresh()
    assert deal.contract.state == ContractState.TERMINATED


def test_unsigned_contract_is_said_not_to_be_concluded(client, deal: Deal) -> None:
    client.force_login(deal.official)
    assert go(client, "contracting:fail", deal.contract.pk).status_code == 200
    told = {"ground": make_typed_ground("failure").pk, "reason": "Відмовився."}
    assert go(client, "contracting:fail", deal.contract.pk, **told).status_code == 302
    deal.refresh()
    assert deal.contract.state == ContractState.NOT_CONCLUDED


OFFICIALS = (
    ("contract", ()),
    ("draft", ()),
    ("lines", ()),
    ("line", (1,)),
    ("funding", ()),
    ("text", ()),
    ("offer", ()),
    ("sign", ()),
    ("fail", ()),
    ("version_pdf", (1,)),
    ("version_to_sign", (1,)),
)


def test_pages_of_a_contract_do_not_exist_for_anybody_else(client, deal: Deal) -> None:
    strangers = [make_official_who_orders(make_territories().odesa_hromada), concluded().person, deal.person]
    for user in strangers:
        client.force_login(user)
        for name, more in OFFICIALS:
            assert go(client, f"contracting:{name}", deal.contract.pk, *more).status_code == 404, name
        assert go(client, "contractor:contract", deal.contract.pk).status_code == 404
        assert go(client, "contractor:version_pdf", deal.contract.pk, 1).status_code == 404


def test_auditor_looks_and_does_nothing(client, deal: Deal) -> None:
    client.force_login(make_official("auditor"))
    page = go(client, "contracting:contract", deal.contract.pk)
    assert page.status_code == 200
    assert not page.context["may_act"]
    assert go(client, "contracting:draft", deal.contract.pk).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_one_contract_ask_as_much_for_three_services_as_for_one(
    client, django_assert_num_queries, deal: Deal, count: int
) -> None:
    for number in range(2, count + 1):
        line = deal.version.lines.get(number=1)
        line.pk, line.number = None, number
        line.save()
    client.force_login(deal.official)
    for name, queries in (("contract", 16), ("lines", 14), ("offer", 20)):
        go(client, f"contracting:{name}", deal.contract.pk)
        with django_assert_num_queries(queries):
            assert go(client, f"contracting:{name}", deal.contract.pk).status_code == 200
