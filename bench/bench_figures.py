"""Measure the map of needs and the public figures with an assessment of every hromada of the codifier.

Everything happens in a copy of a scratch register that is thrown away: providers spread over the country, contracts of
`bench_contracts`, a published assessment of every hromada with a third of its services' needs unknown.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path
from random import Random

import bench_competitions
import bench_contracts
import bench_joining

FIGURES, TOGETHER = 12, 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--providers", type=int, default=2_000)
    parser.add_argument("--contracts", type=int, default=3_000)
    parser.add_argument("--requests", type=int, default=20, help="of each page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="poruch-bench-") as folder:
        bench_competitions.open_copy(options.providers, Path(folder) / "var")
        began = time.monotonic()
        contracts = bench_contracts.write_contracts(options.contracts)
        bench_contracts.write_acts(contracts, 2)
        bench_contracts.write_findings(contracts)
        hromadas = write_needs()
        print(
            f"{hromadas} assessments, {len(contracts)} contracts, written in {time.monotonic() - began:.0f} s",
            flush=True,
        )
        print_first(options.providers)
        bench_joining.print_pages(addresses(), options.requests)
    return 0


def write_needs() -> int:
    """Publish an assessment of every hromada: groups with their numbers, services with their need."""
    from django.utils import timezone

    from procurement.models import NeedsAssessment, NeedsFigure, NeedsService
    from registry.models import ServiceType, Territory, VulnerableGroup

    chance, now = Random(3), timezone.now()
    places = list(Territory.objects.hromadas().filter(in_codifier=True))
    made = NeedsAssessment.objects.bulk_create(
        (
            NeedsAssessment(
                hromada=place, as_of=date(2026, 1, 1), state="published", published_at=now, created_at=now,
                act_number="1", act_on=date(2026, 2, 1),
            )
            for place in places
        ),
        batch_size=TOGETHER,
    )  # fmt: skip
    groups = list(VulnerableGroup.objects.order_by("pk")[:FIGURES])
    kinds = list(ServiceType.objects.order_by("pk"))
    NeedsFigure.objects.bulk_create(
        (
            NeedsFigure(
                assessment=one, group=group, label=group.slug, persons=chance.choice((None, 3, 120, 900)), order=place
            )
            for one in made
            for place, group in enumerate(groups)
        ),
        batch_size=TOGETHER,
    )
    NeedsService.objects.bulk_create(
        (
            NeedsService(assessment=one, service_type=kind, need=chance.choice((None, 12, 80)))
            for one in made
            for kind in kinds
        ),
        batch_size=TOGETHER,
    )
    return len(made)


def print_first(providers: int) -> None:
    """Time the first reader after a change of the register: supply is counted anew, then kept until the next change."""
    from django.core.cache import cache
    from django.test import Client

    from registry.queries import memory
    from registry.queries.index import register_index

    client = Client(SERVER_NAME="127.0.0.1")
    for address in addresses()[:3]:
        client.get(address[2])
        register_index.refresh()
        memory.forget()
        cache.clear()
        began = time.process_time()
        client.get(address[2])
        told = 1000 * (time.process_time() - began)
        print(f"first reader, {providers} providers: {address[0]:<24} {told:>7.0f} CPU ms", flush=True)


def addresses() -> list[tuple[str, object, str]]:
    from registry.models import Territory, VulnerableGroup

    group = VulnerableGroup.objects.order_by("pk")[0].slug
    hromada = Territory.objects.hromadas().filter(in_codifier=True, oblast__code="UA53000000000028050")[0].code
    care = "/map/?service=home-care"
    return [
        ("map, basic services", None, "/map/"),
        ("map, a service", None, care),
        ("map, a service, group", None, f"{care}&group={group}&sort=rate"),
        ("map, an oblast", None, f"{care}&oblast=UA53000000000028050"),
        ("map, points", None, "/map/points.json?service=home-care"),
        ("a hromada", None, f"/map/{hromada}/"),
        ("a hromada, a service", None, f"/map/{hromada}/?service=home-care"),
        ("figures", None, "/figures/?year=2025"),
        ("figures, an oblast", None, "/figures/?year=2025&oblast=UA53000000000028050"),
        ("ordered", None, "/figures/ordered/?year=2026"),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
