"""Measure what people do to join a large register: cabinet, desk queue, what is late, how fresh the cards are.

The applications are made for the occasion in one transaction that is never committed, so the scratch register, the
same that `bench_pages` uses, stays as it was. What is measured is the whole request of somebody signed in.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median, quantiles

import bench_pages

STATES = ("submitted", "examination", "correction", "proposed")
ORGANISATIONS_OF_ONE = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--providers", type=int, default=100_000)
    parser.add_argument("--applications", type=int, default=1_000, help="that wait for a decision")
    parser.add_argument("--requests", type=int, default=50, help="of each page")
    options = parser.parse_args()
    bench_pages.set_up(options.providers)
    from django.db import transaction
    from django.utils import timezone

    now = timezone.now()
    with transaction.atomic():
        addresses = make_applications(options.applications, now)
        print_pages(addresses, options.requests)
        print_freshness(now)
        transaction.set_rollback(True)
    return 0


def make_applications(count: int, now: datetime) -> list[tuple[str, object, str]]:
    """Make amendments that wait, half of them late, and a person with a draft; return name, reader and address."""
    from portal.accounts.models import Mandate, User
    from registry.domain.contents import content_of
    from registry.domain.drafts import start_application
    from registry.models import Application, RegisterEntry

    person = User.objects.create_user("provider@bench.example", first_name="Ірина", last_name="Левченко")
    official = User.objects.create_superuser("official@bench.example", first_name="Олена", last_name="Коваль")
    rows = RegisterEntry.objects.filter(standing="included", hromada__isnull=False, organisation__code__isnull=False)
    entries = list(rows.select_related("organisation", "parent", "hromada").order_by("pk")[:count])
    content = content_of(entries[0])
    Application.objects.bulk_create(
        Application(
            kind="amendment",
            state=STATES[number % len(STATES)],
            organisation=entry.organisation,
            entry=entry,
            entry_version=entry.version,
            content=content,
            created_by=person,
            created_at=now - timedelta(days=number % 60),
            saved_at=now,
            number=f"bench-{number}",
            submitted_by=person,
            submitted_at=now - timedelta(days=number % 60),
            hromada=entry.hromada,
            decision_due_on=(now + timedelta(days=30 - number % 60)).date(),
            examiner=official if number % len(STATES) else None,
        )
        for number, entry in enumerate(entries)
    )
    own = entries[:ORGANISATIONS_OF_ONE]
    Mandate.objects.bulk_create(
        Mandate(person=person, organisation=entry.organisation, scope="representative", valid_from=entry.included_on)
        for entry in own
    )
    draft = start_application(user=person, organisation_id=own[0].organisation_id, kind="amendment", now=now)
    one = Application.objects.get(number="bench-1")
    return [
        ("cabinet home", person, "/cabinet/"),
        ("task list of a draft", person, f"/cabinet/applications/{draft.pk}/"),
        ("services of a draft", person, f"/cabinet/applications/{draft.pk}/services/"),
        ("desk home", official, "/admin/"),
        ("desk queue", official, "/admin/applications/"),
        ("desk queue, last page", official, f"/admin/applications/?p={max(1, count // 30)}"),
        ("desk, one application", official, f"/admin/applications/{one.pk}/"),
        ("overdue list", None, "/registry/overdue/"),
        ("overdue list, by age", None, "/registry/overdue/?sort=oldest"),
    ]


def print_pages(addresses: list[tuple[str, object, str]], count: int) -> None:
    print(f"\n{'page':<24}{'queries':>8}{'median':>9}{'p95':>8}  CPU ms of {count} requests; KB")
    for name, user, address in addresses:
        ask = reader(user)
        ask(address, 0)
        queries, size = counted(lambda ask=ask, address=address: ask(address, 1))
        spent = [cpu_ms(lambda ask=ask, address=address, index=index: ask(address, index)) for index in range(count)]
        print(f"{name:<24}{queries:>8}{median(spent):>9.1f}{quantiles(spent, n=20)[-1]:>8.1f}{size / 1024:>8.0f}")


def reader(user: object) -> Callable[[str, int], int]:
    """Return a function that asks for a page as this person, or as nobody, and says how long the answer is."""
    from django.test import Client

    from portal.accounts.second_factor import PASSED

    client = Client(SERVER_NAME="127.0.0.1")
    if user is not None:
        client.force_login(user)
        session = client.session
        session[PASSED] = user.pk
        session.save()

    def ask(address: str, index: int) -> int:
        response = client.get(f"{address}{'&' if '?' in address else '?'}x={index}")
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code} {response.headers.get('Location', '')}")
        return len(response.content)

    return ask


def counted(act: Callable[[], int]) -> tuple[int, int]:
    """Return how many queries the act took, and what it returned."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        found = act()
    return len(queries), found


def cpu_ms(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return (time.process_time() - before) * 1000


def print_freshness(now: datetime) -> None:
    """Time the pass over all cards: on the day it is first made, when nothing has changed, a month later."""
    from registry.domain.freshness import materialise_freshness
    from registry.models import RegisterEntry

    print(
        f"\n{'freshness of all cards':<24}{'changed':>9}{'queries':>9}{'CPU s':>8}  of {RegisterEntry.objects.count()}"
    )
    for name, moment in passes(now):
        before = time.process_time()
        queries, changed = counted(lambda moment=moment: materialise_freshness(now=moment))
        print(f"{name:<24}{changed:>9}{queries:>9}{time.process_time() - before:>8.1f}", flush=True)


def passes(now: datetime) -> Iterator[tuple[str, datetime]]:
    yield "first pass", now
    yield "nothing to change", now
    yield "a month later", now + timedelta(days=31)


if __name__ == "__main__":
    sys.exit(main())
