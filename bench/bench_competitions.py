"""Measure competitions: the public pages over thousands of them, and proposals submitted in the minute before a close.

Everything happens in a copy of a scratch register that is thrown away, so proposals are really written to the disk. The
rush is several processes that begin at one moment, each with its share of proposals, as at a real closing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import bench_joining
import bench_pages

TOGETHER = 500
# fields in which a copy of a competition is not the one that it was copied from
OWN = ("id", "number", "hromada", "closes_at", "hold_until", "opening_at", "published_at", "opens_at")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--providers", type=int, default=2_000)
    parser.add_argument("--competitions", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=50, help="of each page")
    parser.add_argument("--proposals", type=int, default=200, help="that are submitted in the rush")
    parser.add_argument("--processes", type=int, default=8, help="that submit at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="poruch-bench-") as folder:
        open_copy(options.providers, Path(folder) / "var")
        from django.utils import timezone

        now = timezone.now()
        running = write_anew(now)
        bids = write_proposals(running, options.proposals, now)
        rush(bids, options.processes)
        multiply(options.competitions, now)
        bench_joining.print_pages(addresses(running), options.requests)
        print_due(now)
    return 0


def open_copy(providers: int, folder: Path) -> None:
    """Point Django at a copy of the scratch register of this size; the register itself is made on first use."""
    making = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import bench_pages as it"
    subprocess.run([sys.executable, "-c", f"{making}; it.set_up({providers})"], check=True)
    shutil.copytree(bench_pages.ROOT / "build" / f"bench-{providers}", folder)
    os.environ["PORTAL_VAR"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    sys.path.insert(0, str(bench_pages.ROOT))
    import django

    django.setup()


def write_anew(now: datetime) -> Any:
    """Write the demonstration as of today, whatever day the scratch register is from; return one that accepts."""
    from portal.accounts.models import User
    from procurement.domain.demo.removing import remove_demo
    from procurement.domain.demo.writing import write_demo
    from procurement.models import Competition

    remove_demo()
    write_demo(user=User.objects.get(email="commissioner@demo.example"), now=now)
    rows = Competition.objects.filter(state="published", opens_at__lte=now, closes_at__gt=now, version=1)
    return rows.order_by("closes_at").first()


# --- the rush ------------------------------------------------------------------------------------------------------


def write_proposals(competition: Any, count: int, now: datetime) -> list[tuple[Any, Any, int]]:
    """Write whole proposals with their files, one for each organisation; return proposal, person and version."""
    from procurement.domain.demo import bidders
    from procurement.domain.proposals.drafts import start_proposal
    from procurement.models import Proposal

    taken = set(competition.proposals.values_list("organisation_id", flat=True))
    found = [one for one in bidders.find_bidders(count + len(taken), now=now) if one[0].pk not in taken][:count]
    for organisation, person in found:
        made = start_proposal(
            user=person, competition_number=competition.number, organisation_id=organisation.pk, now=now
        )
        bidders._write(made, person, 0, now)
    rows = Proposal.objects.filter(competition=competition, state="draft").select_related("created_by")
    return [(one.pk, one.created_by, one.draft_version) for one in rows]


def rush(bids: list[tuple[Any, Any, int]], processes: int) -> None:
    """Let each process submit its share as fast as it can, all from one moment; print how fast that was."""
    from django.db import connection

    connection.close()
    gate, answers = os.pipe(), os.pipe()
    children = [submit_share(bids[number::processes], gate, answers) for number in range(processes)]
    os.close(answers[1])
    began = time.monotonic()
    os.close(gate[1])
    with os.fdopen(answers[0]) as told:
        waits = sorted(float(line) for line in told)
    spent = time.monotonic() - began
    for child in children:
        os.waitpid(child, 0)
    refused = len(bids) - len(waits)
    print(
        f"\n{'the rush':<24}{'proposals':>10}{'a second':>10}{'median s':>10}{'p95 s':>8}{'longest':>9}{'refused':>9}"
    )
    p95 = quantiles(waits, n=20)[-1]
    print(
        f"{f'{processes} processes':<24}{len(waits):>10}{len(waits) / spent:>10.1f}"
        f"{median(waits):>10.2f}{p95:>8.2f}{waits[-1]:>9.2f}{refused:>9}",
        flush=True,
    )


def submit_share(bids: list[tuple[Any, Any, int]], gate: tuple[int, int], answers: tuple[int, int]) -> int:
    child = os.fork()
    if child:
        return child
    os.close(gate[1])
    try:
        from procurement.domain.proposals.submitting import submit_proposal

        os.read(gate[0], 1)
        for proposal, person, version in bids:
            before = time.monotonic()
            submit_proposal(proposal_id=proposal, user=person, draft_version=version, key=uuid4())
            os.write(answers[1], f"{time.monotonic() - before:.4f}\n".encode())
    except BaseException as error:  # noqa: BLE001 a fork must not go on as its parent
        print(f"✗ {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(0)


# --- many competitions ---------------------------------------------------------------------------------------------


def multiply(count: int, now: datetime) -> None:
    """Copy the competitions of the demonstration, each with its lots and versions, to other hromadas and days."""
    from django.db import transaction

    from procurement.models import Competition, CompetitionVersion, Lot
    from registry.models import Territory

    chance = Random(7)
    places = list(Territory.objects.hromadas().order_by("code"))
    models = list(Competition.objects.exclude(state="draft").order_by("pk"))
    parts = {one.pk: (list(one.lots.all()), list(one.versions.all())) for one in models}
    missing = count - len(models)
    with transaction.atomic():
        for first in range(0, missing, TOGETHER):
            numbers = range(first, min(first + TOGETHER, missing))
            sources = [models[number % len(models)] for number in numbers]
            made = Competition.objects.bulk_create(
                moved(source, number, chance.choice(places), timedelta(days=-chance.randint(0, 700)))
                for source, number in zip(sources, numbers, strict=True)
            )
            for model, place in ((Lot, 0), (CompetitionVersion, 1)):
                pairs = zip(sources, made, strict=True)
                model.objects.bulk_create(copies(model, ((parts[one.pk][place], new) for one, new in pairs)))
    print(f"\n{Competition.objects.exclude(state='draft').count()} competitions, as of {now:%d.%m.%Y}", flush=True)


def moved(source: Any, number: int, hromada: Any, by: timedelta) -> Any:
    """Return a copy in another hromada; those whose end is past lie further back, the others where they were."""
    from procurement.models import Competition

    shift = by if source.state != "published" else timedelta(0)
    values = {
        field.attname: getattr(source, field.attname)
        for field in Competition._meta.concrete_fields
        if field.name not in OWN
    }
    dates = {name: value and value + shift for name in OWN[3:] for value in (getattr(source, name),)}
    return Competition(number=f"bench-{number:05d}", hromada=hromada, **values, **dates)


def copies(model: Any, pairs: Iterator[tuple[list[Any], Any]]) -> Iterator[Any]:
    for rows, competition in pairs:
        for row in rows:
            names = [field.attname for field in model._meta.concrete_fields if field.name not in ("id", "competition")]
            yield model(competition=competition, **{name: getattr(row, name) for name in names})


def addresses(running: Any) -> list[tuple[str, object, str]]:
    from portal.accounts.models import User

    official = User.objects.get(email="commissioner@demo.example")
    place = running.hromada
    page = f"/competitions/{running.number}/"
    return [
        ("list", None, "/competitions/"),
        ("list, page 20", None, "/competitions/?page=20"),
        ("list, text", None, "/competitions/?q=догляд"),
        ("list, oblast", None, f"/competitions/?oblast={place.oblast.code}"),
        ("list, service", None, "/competitions/?service=day-care&sort=newest"),
        ("one competition", None, page),
        ("its calendar", None, f"{page}calendar.ics"),
        ("feed", None, "/competitions/feed.atom"),
        ("calendar of all", None, "/competitions/calendar.ics"),
        ("API, list", None, "/api/v1/competitions"),
        ("API, one", None, f"/api/v1/competitions/{running.number}"),
        ("orders", None, "/orders/"),
        ("orders of a hromada", None, f"/orders/{place.code}/"),
        ("commissioner's desk", official, f"/cabinet/commissioning/?hromada={place.code}"),
    ]


def print_due(now: datetime) -> None:
    """Time what the clock does each hour where nothing has become due, as in most hours."""
    from procurement.domain.calls import clock

    print(f"\n{'what the clock does':<24}{'queries':>9}{'CPU ms':>9}")
    for act in (clock.close_what_is_over, clock.tell_of_openings, clock.remind_of_ends):
        act(now=now)
        before = time.process_time()
        queries, _found = bench_joining.counted(lambda act=act: act(now=now))
        print(f"{act.__name__:<24}{queries:>9}{(time.process_time() - before) * 1000:>9.1f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
