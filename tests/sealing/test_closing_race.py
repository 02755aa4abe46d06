"""Sixty-four processes submit around the closing moment: the receipts, the table and the snapshot say the same."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection

from portal.accounts.models import User
from portal.kernel import audit, clock, turns
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement import closing_guard
from procurement.domain.calls.steps import lock_competition
from procurement.domain.proposals.submitting import submit_proposal
from procurement.models import Proposal, ProposalRevision, ProposalStep
from tests.sealing.worlds import (
    announce_again,
    make_bid,
    make_bidder,
    make_commissioning_official,
    make_competition,
    open_all,
)

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, KILLS = 64, 12
MOST = PROCESSES * 3 // 4
SOON = timedelta(seconds=2)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases]


@pytest.fixture(autouse=True)
def _guard_as_it_was(db):
    yield
    closing_guard.install(connection)


@dataclass
class Story:
    """What everybody knew: keys by what was told of them, and the moments of receipts."""

    tried: dict[str, int] = field(default_factory=dict)
    receipts: dict[str, datetime] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    snapshot: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    longest: float = 0.0

    def read(self, folder):
        for path in folder.glob("*-*"):
            for line in path.read_text().splitlines():
                self.take(path.name, *line.split(" ", 2))
        return self

    def take(self, name, what, first="", rest=""):
        if what == "try":
            self.tried[first] = int(name.removeprefix("bid-"))
        elif what == "receipt":
            _pk, at, seconds = rest.split()
            self.receipts[first] = datetime.fromisoformat(at)
            self.longest = max(self.longest, float(seconds))
        elif what == "refused":
            self.refused.add(first)
        elif what == "opened":
            self.snapshot.add(first)
        elif what == "error":
            self.errors.append(f"{name}: {first} {rest}")

    @property
    def unanswered(self):
        """Return the keys of presses that nobody ever heard of again: their processes were killed."""
        return set(self.tried) - set(self.receipts) - self.refused


def program(folder):
    """Start the program, which takes its time to import and to fork, and return it when it is ready."""
    told = connection.settings_dict
    address = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "PORTAL_DATABASE": str(told["NAME"]) if connection.vendor == "sqlite" else address,
        # the same keys
        "PORTAL_TEST_SCRATCH": str(settings.VAR),
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.sealing.bidding", str(folder), str(PROCESSES), str(KILLS)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout.readline() == "ready\n", running.stderr.read()
    return running


def run(folder, *, mutant):
    """Let everybody press around the close of a fresh competition; return it, the bids and what everybody knew."""
    bidders = [make_bidder() for _turn in range(PROCESSES)]
    running = program(folder)
    now = clock.moment()
    competition = make_competition(now=now - timedelta(days=1), closes_at=now + timedelta(hours=1))
    bids = [make_bid(competition, bidder=bidder) for bidder in bidders]
    order = {
        "competition": competition.pk,
        "bids": [(str(bid.proposal_id), bid.user.pk) for bid in bids],
        "mutant": mutant,
    }
    connection.close()
    running.stdin.write(json.dumps(order) + "\n")
    running.stdin.flush()
    wait_until_most_have_a_receipt(folder)
    competition = close_soon(competition)
    _out, err = running.communicate(competition.closes_at.isoformat() + "\n", timeout=120)
    assert running.returncode == 0, err
    return competition, bids, Story().read(folder)


def wait_until_most_have_a_receipt(folder):
    """Wait until everybody has woken: how long that takes, only this machine knows."""
    latest = time.monotonic() + 90
    while sum("receipt" in path.read_text() for path in folder.glob("bid-*")) < MOST:
        assert time.monotonic() < latest, Story().read(folder).errors
        time.sleep(0.1)


def close_soon(competition):
    """Move the end to a moment that comes soon, by a version as the database demands, while everybody presses."""
    with turns.turn():
        lock_competition(competition.pk)
        announce_again(competition, clock.moment(), closes_at=clock.moment() + SOON)
    connection.close()
    competition.refresh_from_db()
    return competition


def faults_of(competition, story):
    """Return what is lost, late or doubled, by comparing the three records."""
    rows = list(ProposalRevision.objects.filter(proposal__competition=competition))
    table = {str(row.key): row for row in rows}
    logged = LogEntry.objects.filter(
        subject=f"procurement.competition:{competition.number}", tag="procurement:proposal:submit"
    )
    return {
        "receipt but not opened": set(story.receipts) - story.snapshot,
        "receipt but not kept": set(story.receipts) - set(table),
        "kept after the close": set(table) - story.snapshot,
        "opened but not kept": story.snapshot - set(table),
        "stamped late": {key for key, row in table.items() if row.at >= competition.closes_at},
        "refused but kept": story.refused & set(table),
        "kept but never tried": set(table) - set(story.tried),
        "not one entry of the log each": {len(rows)} ^ {logged.count()},
    }


@pytest.mark.parametrize(("mutant", "guarded"), [(False, False), (True, True)], ids=["locks", "mutant-with-trigger"])
def test_nobody_in_time_is_lost_and_nobody_late_gets_in(tmp_path, mutant, guarded):
    closing_guard.install(connection, by_clock=True) if guarded else closing_guard.remove(connection)

    competition, bids, story = run(tmp_path, mutant=mutant)

    assert story.errors == []
    assert {name: found for name, found in faults_of(competition, story).items() if found} == {}
    assert len(story.receipts) > PROCESSES
    assert story.refused
    assert audit.verify() is None
    if not mutant:
        each_proposal_has_its_numbers(competition)
        retries_find_what_is_there(bids, story)
        opening_finds_all_of_them(competition, story)


def each_proposal_has_its_numbers(competition):
    numbers, steps = defaultdict(list), defaultdict(int)
    for row in ProposalRevision.objects.filter(proposal__competition=competition).order_by("number"):
        numbers[row.proposal_id].append(row.number)
    for key in ProposalStep.objects.filter(proposal__competition=competition).exclude(step="lapse"):
        steps[key.proposal_id] += 1
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert {key: len(found) for key, found in numbers.items()} == dict(steps)
    places = Proposal.objects.filter(competition=competition, number__isnull=False).values_list("number", flat=True)
    assert sorted(places) == list(range(1, len(numbers) + 1))


def retries_find_what_is_there(bids, story):
    """Press once more for everybody who was killed: what was committed is found, the rest is too late."""
    before = ProposalRevision.objects.count()
    for key in story.unanswered:
        bid = bids[story.tried[key]]
        found = ProposalRevision.objects.filter(key=key).first()
        press = {"user": User.objects.get(pk=bid.user.pk), "draft_version": 1, "key": UUID(key)}
        if found is not None:
            assert submit_proposal(proposal_id=bid.proposal_id, **press) == found
        else:
            with pytest.raises(StepRefused):
                submit_proposal(proposal_id=bid.proposal_id, **press)
    assert ProposalRevision.objects.count() == before


def opening_finds_all_of_them(competition, story):
    opening = open_all(competition, make_commissioning_official())

    assert opening.findings["faults"] == []
    assert opening.findings["missing"] == []
    assert opening.findings["opened"] == Proposal.objects.filter(competition=competition, state="opened").count()
    assert opening.findings["opened"] > PROCESSES // 2


def test_same_test_finds_who_judges_before_the_lock(tmp_path):
    closing_guard.remove(connection)

    competition, _bids, story = run(tmp_path, mutant=True)

    faults = faults_of(competition, story)
    assert faults["receipt but not opened"] or faults["kept after the close"]
