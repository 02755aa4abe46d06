"""Bringing the demonstration set into the register, block by block, through the one way in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from django.db import connection, transaction

from portal.accounts.models import Organisation
from registry.domain.demo import state
from registry.domain.demo.identity import Identity, edrpou_of, rnokpp_of
from registry.domain.demo.story import Step, Story, Storyteller
from registry.domain.providers import Actor, put_providers
from registry.domain.standing import Decision, judge, record_decisions
from registry.enums import ChangeAct
from registry.models import EntryChange, RegisterEntry

ACTOR: Final = Actor(None, "demo")
# branches have their heads in an earlier block, so the first blocks are small
_FIRST_BLOCKS: Final = (0, 100, 300, 700)
_BLOCK: Final = 1_000
# lawful steps in the order in which they can follow one another
_STEPS: Final = {
    ChangeAct.VERIFIED: "",
    ChangeAct.SUSPENDED: "suspend",
    ChangeAct.RESTORED: "restore",
    ChangeAct.EXCLUDED: "exclude",
}
Progress = Callable[[int], object]


def generate(count: int, *, seed: int, now: datetime, progress: Progress | None = None) -> int:
    """Bring the set up to `count` providers and return how many were added; those already there are left alone.

    Raises `DemoRefused` while another seed's providers stand in the register or are being removed.
    """
    known = state.read()
    known.refuse_other_seed(seed)
    if known.count >= count:
        return 0
    teller = Storyteller(seed)
    added = 0
    for start, stop in _blocks(count):
        with transaction.atomic():
            written = _write_block(teller, start, stop, now)
            if written:
                state.write_count(seed, max(stop, known.count))
        added += written
        if progress:
            progress(stop - start)
    return added


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    """Yield the same blocks for any count, the last one cut short."""
    starts = list(_FIRST_BLOCKS)
    while starts[-1] < count:
        starts.append(starts[-1] + _BLOCK - starts[-1] % _BLOCK)
    for start, stop in pairwise(starts):
        if start < count:
            yield start, min(stop, count)


def _block_start(index: int) -> int:
    if index >= _BLOCK:
        return index - index % _BLOCK
    return next(start for start in reversed(_FIRST_BLOCKS) if start <= index)


def _write_block(teller: Storyteller, start: int, stop: int, now: datetime) -> int:
    there = _already_there(start, stop)
    stories: list[tuple[Story, Identity]] = []
    for index in range(start, stop):
        if edrpou_of(index) in there or there & {rnokpp_of(index, is_man=sex) for sex in (False, True)}:
            continue
        stories.append(teller.story(index, heads_before=_block_start(index)))
    if not stories:
        return 0
    _name_heads(stories)
    put = [story.first for story, _ in stories]
    outcomes = put_providers(put, actor=ACTOR, ground=teller.ground, now=now, demo=True)
    entries = {story.index: outcome.entry for (story, _), outcome in zip(stories, outcomes, strict=True)}
    told = [story for story, _ in stories]
    _amend(told, now)
    _take_steps(told, entries, now)
    _date_back(told, entries)
    return len(stories)


def _already_there(start: int, stop: int) -> set[str]:
    """Return the codes and taxpayer numbers of this block that some organisation has."""
    codes = Organisation.objects.filter(code__range=(edrpou_of(stop - 1), edrpou_of(start)))
    people = Organisation.objects.filter(
        rnokpp__range=(rnokpp_of(start, is_man=False), rnokpp_of(stop - 1, is_man=True))
    )
    known = (*codes.values_list("code", flat=True), *people.values_list("rnokpp", flat=True))
    return {one for one in known if one}


def _name_heads(stories: list[tuple[Story, Identity]]) -> None:
    """Tell branches the register numbers of their heads, which stand in the register already."""
    wanted = {identity.index: edrpou_of(identity.head.index) for _, identity in stories if identity.head}
    if not wanted:
        return
    rows = RegisterEntry.objects.filter(organisation__code__in=set(wanted.values()), is_demo=True)
    numbers = dict(rows.values_list("organisation__code", "number"))
    for story, identity in stories:
        number = numbers.get(wanted.get(identity.index, ""))
        for record in (story.first, *(record for record, _ in story.amendments.values())):
            record.head_number = number


def _amend(stories: list[Story], now: datetime) -> None:
    calls: dict[tuple[str, str], list[Any]] = defaultdict(list)
    kinds = {kind: None for story in stories for kind in story.amendments}
    for kind in sorted(kinds, key=("about", "contacts", "places", "tariff").index):
        for story in stories:
            if kind in story.amendments:
                record, ground = story.amendments[kind]
                calls[kind, ground].append(record)
    for (_, ground), records in calls.items():
        put_providers(records, actor=ACTOR, ground=ground, now=now, demo=True, replace_parts=True)


def _take_steps(stories: list[Story], entries: dict[int, RegisterEntry], now: datetime) -> None:
    """Take the steps for all entries at once, each kind after the one it follows."""
    touched = RegisterEntry.objects.select_related("organisation").in_bulk(
        [entries[story.index].pk for story in stories if story.steps]
    )
    for act, name in _STEPS.items():
        taken = [(touched[entries[story.index].pk], story.steps[act]) for story in stories if act in story.steps]
        record_decisions([_decision(name, entry, step) for entry, step in taken], actor=ACTOR, now=now)


def _decision(name: str, entry: RegisterEntry, step: Step) -> Decision:
    if not name:
        return Decision(entry, step.act, step.ground, step.values)
    return judge(name, step.act, entry, step.ground, step.values)


def _date_back(stories: list[Story], entries: dict[int, RegisterEntry]) -> None:
    """Give the history of the set its invented dates; the decision log keeps the true moment of generation."""
    revisions: dict[int, list[int]] = defaultdict(list)
    ids = [entry.pk for entry in entries.values()]
    rows = EntryChange.objects.filter(entry__in=ids).order_by("entry_id", "revision")
    for entry_id, revision in rows.values_list("entry_id", "revision").distinct():
        revisions[entry_id].append(revision)
    adapt = connection.ops.adapt_datetimefield_value
    values = [
        (adapt(moment), entries[story.index].pk, revision)
        for story in stories
        for revision, moment in zip(revisions[entries[story.index].pk], story.moments, strict=True)
    ]
    table = connection.ops.quote_name(EntryChange._meta.db_table)  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET at = %s WHERE entry_id = %s AND revision = %s", values)  # noqa: S608 our own name
