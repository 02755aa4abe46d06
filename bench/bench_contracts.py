"""Measure contracts: public pages and desks over 10,000 contracts with 200,000 accepted acts and as many payments.

Everything happens in a copy of a scratch register that is thrown away. Rows are written in bulk, their sums added up as
the use cases keep them, so that figures on the pages agree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import bench_competitions
import bench_joining

TOGETHER = 500
TARIFF = Decimal("180.00")
STATES = ("in_force", "in_force", "in_force", "suspended", "closed", "closed", "terminated")
SERVICES = (("home-care", "Догляд вдома"), ("day-care", "Денний догляд"), ("crisis-intervention", "Кризове втручання"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--providers", type=int, default=2_000)
    parser.add_argument("--contracts", type=int, default=10_000)
    parser.add_argument("--acts", type=int, default=20, help="of each contract")
    parser.add_argument("--requests", type=int, default=30, help="of each page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="poruch-bench-") as folder:
        bench_competitions.open_copy(options.providers, Path(folder) / "var")
        began = time.monotonic()
        contracts = write_contracts(options.contracts)
        acts = write_acts(contracts, options.acts)
        write_findings(contracts)
        print(f"{len(contracts)} contracts, {acts} acts, written in {time.monotonic() - began:.0f} s", flush=True)
        bench_joining.print_pages(addresses(contracts), options.requests)
        print_files(contracts[0])
    return 0


# --- the rows --------------------------------------------------------------------------------------------------------


def write_contracts(count: int) -> list[Any]:
    """Write concluded contracts of many hromadas and providers with version, service and funding."""
    from portal.accounts.models import User
    from procurement.models import BudgetLine, Commissioner, Contract
    from registry.models import RegisterEntry, Territory

    chance = Random(7)
    entries = RegisterEntry.objects.open().filter(standing="included", organisation__code__isnull=False)
    providers = list(entries.order_by("pk").values_list("organisation", flat=True))
    official = User.objects.get(email="commissioner@demo.example")
    kept = {one.hromada_id: one for one in Commissioner.objects.all()}
    bodies = list(kept.values())
    # a body of few hromadas commissions for many: pages ask by the hromada of the contract alone
    places = [one.hromada for one in bodies] + list(Territory.objects.hromadas().order_by("code")[:300])
    lines = BudgetLine.objects.bulk_create(
        BudgetLine(
            hromada=place,
            year=2026,
            code=f"bench{number}",
            title="Соціальні послуги",
            amount=Decimal(10) ** 11,
            committed=Decimal(10) ** 10,
            created_at=moment(0),
        )
        for number, place in enumerate(places)
    )
    made = []
    for number in range(count):
        place, state, (slug, title) = (
            number % len(places),
            STATES[number % len(STATES)],
            SERVICES[number % len(SERVICES)],
        )
        at = moment(chance.randint(0, 600))
        one = Contract(
            state=state,
            number=f"bench-{number:06d}",
            hromada=places[place],
            commissioner=chance.choice(bodies),
            contractor_id=chance.choice(providers),
            title=title,
            channel=("social_order", "procurement", "own_provider")[number % 3],
            services=[slug],
            version=1,
            service_from=at.date(),
            service_to=at.date() + timedelta(days=600),
            concluded_on=at.date(),
            concluded_at=at,
            created_at=at,
            changed_at=at,
            created_by=official,
            key=UUID(int=number + 1),
        )
        one.line = lines[place]
        stamp(one, state, at)
        made.append(one)
    return made


def moment(day: int) -> datetime:
    return datetime(2024, 6, 3, 9, 0, tzinfo=UTC) + timedelta(days=day)


def stamp(one: Any, state: str, at: datetime) -> None:
    """Give a state the stamps that the database asks for."""
    if state == "suspended":
        one.suspended_at = at + timedelta(days=30)
    if state in ("closed", "terminated"):
        one.ended_at, one.ended_on = at + timedelta(days=610), at.date() + timedelta(days=610)
        one.end_paid, one.end_reason = Decimal(0), "Строк дії закінчився."


def write_acts(contracts: list[Any], acts: int) -> int:
    """Write versions, services, funding, then so many accepted acts of each contract, every second one paid."""
    from django.db import transaction

    from procurement.models import (
        AcceptanceAct,
        ActLine,
        Contract,
        ContractFunding,
        ContractLine,
        ContractVersion,
        Payment,
    )
    from registry.models import ServiceType

    kinds = {one.slug: one for one in ServiceType.objects.filter(slug__in=[slug for slug, _title in SERVICES])}
    written = 0
    with transaction.atomic():
        for some in batches(contracts):
            for one in some:
                one.sum = one.first_sum = TARIFF * 100 * acts * 2
                one.accepted = TARIFF * 100 * acts
                one.paid = TARIFF * 100 * (acts // 2)
            Contract.objects.bulk_create(some)
            versions = ContractVersion.objects.bulk_create(version_of(one) for one in some)
            ContractLine.objects.bulk_create(line_of(one, kinds, acts) for one in versions)
            funding = ContractFunding.objects.bulk_create(
                ContractFunding(contract=one, line=one.line, amount=one.sum, committed=one.sum, paid=one.paid)
                for one in some
            )
            made = AcceptanceAct.objects.bulk_create(act for one in some for act in acts_of(one, acts))
            ActLine.objects.bulk_create(
                ActLine(act=act, line=1, units=100, tariff=TARIFF, amount=act.claimed) for act in made
            )
            of_contract = {one.contract_id: one for one in funding}
            Payment.objects.bulk_create(payment_of(act, of_contract[act.contract_id]) for act in made if act.paid)
            written += len(made)
    return written


def batches(rows: list[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while some := list(islice(left, TOGETHER)):
        yield some


def version_of(one: Any) -> Any:
    from procurement.models import ContractVersion

    return ContractVersion(
        contract=one,
        number=1,
        kind="first",
        state="signed",
        title=one.title,
        sum=one.sum,
        service_from=one.service_from,
        service_to=one.service_to,
        content={"number": one.number},
        digest="0" * 64,
        created_at=one.created_at,
        saved_at=one.created_at,
        offered_at=one.created_at,
        signed_at=one.created_at,
    )


def line_of(version: Any, kinds: dict[str, Any], acts: int) -> Any:
    from procurement.models import ContractLine

    return ContractLine(
        version=version,
        number=1,
        title=version.title,
        service_type=kinds.get(version.contract.services[0]),
        recipients=20,
        volume=200 * acts,
        unit="person_hour",
        tariff=TARIFF,
        sum=version.sum,
    )


def acts_of(one: Any, acts: int) -> Iterator[Any]:
    from procurement.models import AcceptanceAct

    for number in range(1, acts + 1):
        first = one.service_from + timedelta(days=30 * (number - 1))
        amount = TARIFF * 100
        at = datetime.combine(first, datetime.min.time(), UTC) + timedelta(days=35)
        yield AcceptanceAct(
            contract=one,
            number=number,
            contract_version=1,
            period_from=first,
            period_to=first + timedelta(days=29),
            act_on=at.date(),
            state="accepted",
            claimed=amount,
            accepted=amount,
            paid=amount if number % 2 == 0 else Decimal(0),
            created_at=at,
            claimed_at=at,
            accepted_at=at,
            payment_due_on=at.date() + timedelta(days=14),
            key=UUID(int=(one.pk << 16) + number),
        )


def payment_of(act: Any, funding: Any) -> Any:
    from procurement.models import Payment

    return Payment(
        act=act,
        funding=funding,
        amount=act.paid,
        paid_on=act.payment_due_on,
        order_number=f"{act.contract_id}-{act.number}",
        key=UUID(int=(1 << 100) + act.key.int),
        entered_at=act.accepted_at,
        entered_by_id=act.contract.created_by_id,
    )


def write_findings(contracts: list[Any]) -> None:
    """Let one contract in ten have had a visit that found something."""
    from procurement.models import Finding, ProcedureGround, Visit

    ground = ProcedureGround.objects.order_by("pk").first()
    visits = Visit.objects.bulk_create(
        Visit(
            contract=one,
            number=1,
            year=2025,
            planned_on=date(2025, 3, 3),
            held_on=date(2025, 3, 3),
            basis="turn",
            state="concluded",
            conclusion="Є відхилення.",
            concluded_at=moment(300),
            created_at=moment(200),
        )
        for one in contracts[::10]
    )
    Finding.objects.bulk_create(
        Finding(visit=one, contract=one.contract, number=1, kind=ground, severity="major", text="Немає журналу.")
        for one in visits
    )


# --- what is measured ------------------------------------------------------------------------------------------------


def addresses(contracts: list[Any]) -> list[tuple[str, object, str]]:
    from portal.accounts.models import User
    from registry.models import RegisterEntry

    one = contracts[0]
    official = User.objects.get(email="commissioner@demo.example")
    entry = RegisterEntry.objects.filter(organisation=one.contractor_id).order_by("pk").first()
    page = f"/contracts/{one.number}/"
    return [
        ("list", None, "/contracts/"),
        ("list, page 300", None, "/contracts/?page=300"),
        ("list, text", None, "/contracts/?q=догляд"),
        ("list, hromada", None, f"/contracts/?hromada={one.hromada.code}"),
        ("list, service", None, "/contracts/?service=day-care&state=closed&year=2025"),
        ("list, provider", None, f"/contracts/?provider={entry.number}"),
        ("one contract", None, page),
        ("its log", None, f"{page}log/"),
        ("provider's card", None, f"/registry/{entry.number}/"),
        ("hromada's page", None, f"/territories/{one.hromada.code}/"),
        ("hromada's orders", None, f"/orders/{one.hromada.code}/"),
        ("API, list", None, "/api/v1/contracts"),
        ("API, one", None, f"/api/v1/contracts/{one.number}"),
        ("official's desk", official, "/cabinet/contracting/"),
    ]


def print_files(one: Any) -> None:
    """Time the table of all contracts and the dossier of one; the table asks anew for each five hundred rows."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    print(f"\n{'file':<24}{'queries':>8}{'CPU ms':>9}{'KB':>9}")
    for name, address in (("table", "/contracts/export.csv"), ("dossier", f"/contracts/{one.number}/dossier.zip")):

        def fetch(address: str = address) -> int:
            return sum(len(part) for part in client.get(address).streaming_content)

        before = time.process_time()
        queries, size = bench_joining.counted(fetch)
        print(f"{name:<24}{queries:>8}{(time.process_time() - before) * 1000:>9.1f}{size / 1024:>9.0f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
