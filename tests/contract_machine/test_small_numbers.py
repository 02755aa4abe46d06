"""No public channel tells how many people there are where there are fewer than five, nor lets it be computed.

Everything public is read twice, with one small number planted and with another: what comes back is the same to the last
letter. So neither the number itself is told nor any sum, share, mean or digest that it could be found by.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pypdf
import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from portal.kernel import audit
from portal.kernel.models import LogEntry
from procurement import contract_guard
from procurement.contract_enums import SurveyState
from procurement.domain.contracts.contents import content_of
from procurement.domain.delivery import act_making, acts, reports
from procurement.domain.delivery.reports import ReportFacts, RowFacts
from procurement.domain.quality import content as quality_content
from procurement.models import Contract, ContractLine, ContractVersion, QualityEvaluation, ReportRow, RiskCard
from registry.models import RegisterEntry, VulnerableGroup
from tests.contract_machine.hands import NOW, Sides, line_values
from tests.factories.contracts import pay
from tests.factories.monitoring import make_risk_card
from tests.factories.quality import NOW as EVALUATED
from tests.factories.quality import add_ballots, make_published, make_survey
from tests.factories.registry import make_catalogue

pytestmark = pytest.mark.django_db

SMALL = (1, 2, 3, 4)
LATER = NOW + timedelta(days=60)
NOISE = re.compile(rb'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|nonce-[\w+/=-]+')


def make_told_contract():
    """Return a contract with everything that is public: a report, an act, a payment, a risk card, an evaluation."""
    sides = Sides.make("100000.00")
    words = make_catalogue()
    services = [
        {"volume": Decimal("500.00"), "tariff": Decimal("100.00")},
        {"title": "Притулок", "service_type": words.shelter, "volume": Decimal(20), "tariff": Decimal("50.00")},
    ]
    made = sides.conclude(sides.draft([line_values({**one, "recipients": 3}) for one in services]))
    report = made.reports.get(number=1)
    few = VulnerableGroup.objects.exclude(pk=words.older_people.pk).first()
    rows = [
        RowFacts(1, words.older_people.pk, 20, Decimal(40)),
        RowFacts(1, few.pk, 3, Decimal(2)),
        RowFacts(1, None, 23, None),
        RowFacts(2, few.pk, 3, Decimal(5)),
    ]
    with_it = {"report_id": report.pk, "now": LATER}
    reports.save_report(**with_it, user=sides.person, version=0, facts=ReportFacts(rows, done="Надано."))
    reports.file_report(**with_it, user=sides.person, key=made.key)
    reports.accept_report(**with_it, user=sides.official)
    act = act_making.make_from_report(**with_it, user=sides.person, key=made.key)
    acts.claim(act_id=act.pk, user=sides.person, now=LATER)
    act = acts.accept(act_id=act.pk, user=sides.official, now=LATER)
    pay(act, str(act.accepted))
    data = {"service": "shelter", "places": 2, "places_on": "2027-01-01", "recipients": 3}
    each = [{"number": made.number, "recipients": 3}]
    make_risk_card(made, "capacity-below", data={"services": [{**data, "contracts": each}]})
    evaluation = make_published(made, user=sides.official)
    closed = {"state": SurveyState.CLOSED, "closed_at": EVALUATED}
    make_survey(evaluation, **closed)
    return Contract.objects.get(pk=made.pk)


@pytest.fixture
def contract(db):
    return make_told_contract()


def plant(contract: Contract, small: int) -> None:
    """Put a number of people under five everywhere where numbers of people are kept, and the sums that contain it."""
    for row in ReportRow.objects.filter(report__contract=contract):
        people = 20 if row.recipients == 20 else 20 + small if row.group_id is None else small
        ReportRow.objects.filter(pk=row.pk).update(recipients=people)
    ContractLine.objects.filter(version__contract=contract).update(recipients=small)
    for card in RiskCard.objects.filter(contract=contract):
        for row in card.data["services"]:
            row["recipients"] = row["contracts"][0]["recipients"] = small
        card.save()
    plant_answers(QualityEvaluation.objects.get(contract=contract), small)
    version = ContractVersion.objects.get(contract=contract)
    with contract_guard.suspended(connection):
        content = content_of(version, contract)
        ContractVersion.objects.update(content=content, digest=audit.digest_of(content))


def plant_answers(evaluation: QualityEvaluation, small: int) -> None:
    """Let twelve answer, a few of them otherwise, and a few of the recipients not at all."""
    survey = evaluation.surveys.get()
    survey.ballots.all().delete()
    add_ballots(survey, 12 - small, needs="yes", plan="yes")
    add_ballots(survey, small, needs="no")
    evaluation.recipients = 12 + small
    evaluation.content = quality_content.content_of(evaluation)
    evaluation.digest = audit.digest_of(evaluation.content)
    evaluation.save()


def addresses(contract: Contract) -> list[str]:
    own = [
        reverse(f"procurement:{name}", args=[contract.number])
        # the archive has the paper of each version and of each act in it
        for name in ("contract", "contract_log", "contract_dossier")
    ]
    own += [
        reverse("procurement:contract_act_pdf", args=[contract.number, 1]),
        f"/api/v1/contracts/{contract.number}",
    ]
    quality = QualityEvaluation.objects.get(contract=contract)
    own += [
        reverse(f"procurement:{name}", args=[quality.pk])
        for name in ("quality_evaluation", "quality_json", "quality_pdf")
    ]
    names = ("contracts", "contracts_csv", "risks", "quality", "quality_csv", "feed", "calendar", "orders")
    lists = ["/", "/api/v1/contracts", *(reverse(f"procurement:{name}") for name in names)]
    entry = RegisterEntry.objects.get(organisation=contract.contractor)
    cards = [
        reverse("registry:entry", args=[entry.number]),
        reverse("registry:territory", args=[contract.hromada.code]),
    ]
    return [*own, *lists, *cards, "/search/?q=догляд"]


def read(client, address: str) -> bytes:
    """Return what an address says: of a PDF its text, of an archive every file in it."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return NOISE.sub(b"", opened(body))


def opened(body: bytes) -> bytes:
    if body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).encode()
    if body.startswith(b"PK\x03\x04"):
        archive = zipfile.ZipFile(io.BytesIO(body))
        return b"\n".join(name.encode() + b"\n" + opened(archive.read(name)) for name in sorted(archive.namelist()))
    return body


def test_no_public_channel_depends_on_a_number_under_five(client, contract):
    told: dict[str, bytes] = {}
    leaks = []
    for small in (2, 4):
        plant(contract, small)
        cache.clear()
        for address in addresses(contract):
            now = read(client, address)
            if told.setdefault(address, now) != now:
                leaks.append((address, difference(told[address], now)))

    assert leaks == []


def difference(before: bytes, after: bytes) -> str:
    """Return the place where two answers begin to differ."""
    at = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    return before[max(at - 120, 0) : at + 40].decode(errors="replace")


def test_larger_numbers_are_told(client, contract):
    """The same pages do tell numbers that are large enough: the reading above reads what it should."""
    plant(contract, 3)
    before = read(client, reverse("procurement:contract", args=[contract.number]))
    ReportRow.objects.filter(report__contract=contract, recipients=3).update(recipients=7771)
    cache.clear()

    after = read(client, reverse("procurement:contract", args=[contract.number])).decode()
    assert "7771" in re.sub(r"\s|&nbsp;|\xa0|\u202f", "", after)
    assert after.encode() != before


def test_digests_tell_no_small_number(contract):
    """A digest of a record that held it could be tried out: four numbers are soon tried."""
    version = ContractVersion.objects.get(contract=contract)
    digests = {audit.digest_of(content_of(version, contract)) for _each in map(partial(plant, contract), SMALL)}
    version.refresh_from_db()

    assert digests == {version.digest}
    entries = LogEntry.objects.filter(subject=f"procurement.contract:{contract.number}")
    assert entries.exists()
    assert not [entry.tag for entry in entries if "recipients" in str(entry.payload)]
