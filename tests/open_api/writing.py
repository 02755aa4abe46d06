"""A program for tests: eight people change the register, competitions and contracts at once, each a process of its own.

`python -m tests.open_api.writing` says that it is ready, reads a line of JSON, a list of orders, and forks a process for
each. An order names what belongs to its process alone: `codes` of two providers, a `new` code, a `competition` in
preparation, a `contract`, their officials, the `asker`, `removes` for the one who takes the demonstration away, and the
file at which to `stop`.
"""

import json
import os
import sys
import time
import traceback
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

REMOVAL = "removal"


def steps(order):
    """Yield the steps of one process as functions without arguments."""
    from django.utils import timezone

    from portal.accounts.models import User
    from procurement.domain.calls import calling, questions
    from procurement.domain.contracts import suspending
    from registry.domain.providers import put_providers
    from registry.domain.records import ProviderRecord
    from registry.domain.standing import exclude_entry
    from registry.models import RegisterEntry
    from tests.factories.procurement import NOW
    from tests.factories.registry import REGISTRAR, provider_record

    def put(code, **fields):
        # the moment is taken before the turn is waited for, as every view does
        now = timezone.now()
        put_providers([ProviderRecord(code=code, **fields)], actor=REGISTRAR, ground="тест", now=now)

    def add():
        record = provider_record(code=order["new"], name=f"Новий {order['new']}")
        put_providers([record], actor=REGISTRAR, ground="тест", now=timezone.now())

    def exclude(code):
        entry = RegisterEntry.objects.get(organisation__code=code)
        exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="тест", now=timezone.now())

    def user(name):
        return User.objects.get(pk=order[name])

    call, contract = {"competition_id": order["competition"]}, {"contract_id": order["contract"]}
    official = {"user": user("official")}
    paused = {"user": user("contract_official"), "now": timezone.now()}
    first, second = order["codes"]
    yield lambda: put(first, about="Перша зміна")
    yield lambda: calling.publish(**call, **official, key=str(uuid4()), now=NOW)
    yield add
    yield lambda: suspending.suspend(**contract, **paused, ground_id=order["suspension"], reason="Ремонт.")
    yield lambda: put(second, about="Друга зміна", services=[])
    if order.get("removes"):
        yield REMOVAL
    yield lambda: questions.ask(
        **call,
        user=user("asker"),
        organisation_id=None,
        text="Чи можна?",
        key=uuid4(),
        now=NOW + timedelta(days=1),
    )
    yield lambda: put(first, name=f"Перейменовано {first}")
    yield lambda: suspending.resume(**contract, **paused, reason="Ремонт скінчено.")
    yield lambda: exclude(second)
    yield lambda: calling.cancel(
        **call, **official, ground_id=order["cancellation"], reason="Немає грошей.", now=NOW + timedelta(days=2)
    )
    # as long as the test wants somebody to write, and once more
    turns = count()
    while not Path(order["stop"]).exists():
        yield lambda: put(order["new"], about=f"Зміна {next(turns)}")
        time.sleep(0.5)
    yield lambda: put(order["new"], about="Остання зміна")


def work(order):
    from portal.kernel.turns import turn

    for step in steps(order):
        if step is REMOVAL:
            remove()
            continue
        with turn():
            step()


def remove():
    """Take the demonstration away, in transactions of its own as the command does."""
    from django.utils import timezone

    from registry.domain.demo import removing

    removing.remove(actor_role="operator", now=timezone.now())


def main():
    import django

    django.setup()
    from django.db import connections

    print("ready", flush=True)
    orders = json.loads(sys.stdin.readline())
    connections.close_all()
    children = []
    for order in orders:
        child = os.fork()
        if not child:
            try:
                work(order)
            except BaseException:
                traceback.print_exc()
                sys.stderr.flush()
                os._exit(1)
            os._exit(0)
        children.append(child)
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    sys.exit(len(failed))


if __name__ == "__main__":
    main()
