"""A program for tests: many bidders press their buttons around a closing moment, each a process of its own.

`python -m tests.sealing.bidding FOLDER BIDDERS KILLS` forks a process for each bidder and one that closes the
competition and takes the snapshot. It reads a line of JSON, and all begin: `competition`, `bids` (proposal and user),
`mutant`. It reads a second line, the moment of the close, and kills some of the bidders around it. Each process leaves
a journal in the folder, a line before and after each press, so that a killed one has told all it knew.
"""

import json
import os
import random
import signal
import sys
import time
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

# how often somebody hears that it is too late before believing it
ENOUGH = 3
# what widens every gap in which somebody could slip through
LONGEST = 0.004
# how long the careless one thinks between judging and writing
CARELESS = 0.25
# every so manieth of them thinks until the one who closes has looked, however long that takes on a busy machine
DAWDLING = 8


def pause(longest=LONGEST):
    time.sleep(random.random() * longest)


def widen():
    """Put random sleeps between the check and the insert, and between the insert and the commit."""
    from procurement.domain.proposals import submitting

    check, finish = submitting._complete_content, submitting.move

    def checked(*given):
        found = check(*given)
        pause()
        return found

    def finished(*given):
        finish(*given)
        pause()

    submitting._complete_content, submitting.move = checked, finished


def forget_the_locks(number, folder):
    """Judge first and begin to write after that, as whoever does not think of others would.

    They queue for SQLite's writer as all do: sixty who do not would keep it from the one who closes.
    """
    looked, left = folder / f"{close.__name__}-0", [1 if number % DAWDLING == 0 else 0]
    from portal.kernel import clock, turns
    from procurement.domain.proposals import submitting
    from procurement.domain.proposals.steps import Held
    from procurement.models import Proposal

    related = ("organisation", "competition__commissioner__organisation", "competition__hromada")

    @contextmanager
    def unheld(proposal_id, user):
        proposal = Proposal.objects.select_related(*related).get(pk=proposal_id)
        competition = proposal.competition
        version = competition.versions.get(number=competition.version)
        held = Held(proposal, competition, version, user, clock.moment())
        pause(CARELESS)
        if left[0]:
            left[0] = 0
            while not looked.stat().st_size:
                time.sleep(0.01)
        with turns.turn():
            yield held

    submitting.holding = unheld


def bid(order, number, journal):
    """Press again and again until it is too late, each press with a key of its own."""
    from portal.accounts.models import User
    from portal.kernel.workflow import StepRefused
    from procurement.domain.proposals.submitting import submit_proposal

    proposal, user = order["bids"][number]
    person, refused = User.objects.get(pk=user), 0
    while refused < ENOUGH:
        key = uuid4()
        journal("try", key)
        began = time.monotonic()
        try:
            made = submit_proposal(proposal_id=UUID(proposal), user=person, draft_version=1, key=key)
        except StepRefused:
            refused += 1
            journal("refused", key, time.monotonic() - began)
        else:
            journal("receipt", key, made.pk, made.at.isoformat(), time.monotonic() - began)
        pause()


def close(order, _number, journal):
    """Close as soon as the clock allows, and write down in the same transaction what has been submitted."""
    from portal.kernel import clock, turns
    from procurement.domain.calls import calling
    from procurement.models import Competition, ProposalRevision

    row = Competition.objects.filter(pk=order["competition"])
    while clock.moment() < row.values_list("closes_at", flat=True).get():
        time.sleep(0.01)
    with turns.turn():
        calling.close(competition_id=order["competition"], now=clock.moment())
        pause()
        found = ProposalRevision.objects.filter(proposal__competition=order["competition"])
        snapshot = list(found.values_list("key", flat=True))
    for key in snapshot:
        journal("opened", key)


def spawn(work, number, folder, gate):
    """Fork a process that waits at the gate, then does its work and leaves its journal."""
    child = os.fork()
    if child:
        return child
    os.close(gate[1])
    handle = os.open(folder / f"{work.__name__}-{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def journal(*told):
        os.write(handle, (" ".join(map(str, told)) + "\n").encode())

    try:
        random.seed(os.getpid())
        os.read(gate[0], 1)
        order = json.loads((folder / "order").read_text())
        widen()
        if order["mutant"]:
            forget_the_locks(number, folder)
        work(order, number, journal)
    except BaseException as error:
        journal("error", type(error).__name__, str(error).replace("\n", " "))
    os._exit(0)


def wait_until(at):
    time.sleep(max((at - datetime.now(tz=at.tzinfo)).total_seconds(), 0))


def kill_some(children, kills, closes_at):
    """Kill some bidders at random moments from before the close to after it."""
    moments = sorted(random.uniform(-1.2, 0.2) for _turn in range(kills))
    for child, seconds in zip(random.sample(children, kills), moments, strict=True):
        wait_until(closes_at + timedelta(seconds=seconds))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def main(folder, bidders, kills):
    import django

    django.setup()
    from django.db import connection

    from procurement.domain.calls import calling  # noqa: F401 once, before the forks
    from procurement.domain.proposals import submitting  # noqa: F401 once, before the forks

    connection.close()
    gate = os.pipe()
    closer = spawn(close, 0, folder, gate)
    children = [spawn(bid, number, folder, gate) for number in range(bidders)]
    print("ready", flush=True)
    (folder / "order").write_text(sys.stdin.readline())
    # the other end is closed: everybody who waits reads on
    os.close(gate[1])
    kill_some(children, kills, datetime.fromisoformat(sys.stdin.readline().strip()))
    for child in (*children, closer):
        os.waitpid(child, 0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
