"""Triggers by which the database itself keeps what is over: a terminal state, an accepted act, an entered payment.

They guard against mistakes, shells and imports; the use cases of `procurement.domain` never come so far. What is still
due after an end may still be accepted and paid: those two sums move, nothing else of an ended contract does. Whoever
owns the database can drop them.

No migration makes them: SQLite cannot rebuild a table that a trigger reads. They are taken off before any migration and
put back after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.kernel.workflow import Workflow
from procurement import contract_workflow as flows
from procurement.contract_enums import ActState, ContractState, ContractVersionState

LEFT: Final = "nothing leaves a terminal state"
ENDED: Final = "of an ended contract only what is accepted and paid still moves"
SIGNED: Final = "a version signed by both sides is never changed"
ACCEPTED: Final = "an accepted act is never changed: a correction is another act"
ENTERED: Final = "an entered payment is never changed: another one undoes it"
REFUSALS: Final = (LEFT, ENDED, SIGNED, ACCEPTED, ENTERED)

ACTS, LINES, DEDUCTIONS = "procurement_acceptanceact", "procurement_actline", "procurement_deduction"
# a setting of one PostgreSQL session; there, no trigger can go while rows of its table still wait to be checked
_SWITCH: Final = "procurement.contract_guard"

_FLOWS: Final = {
    "contract": flows.CONTRACT,
    "contractversion": flows.CONTRACT_VERSION,
    "milestone": flows.MILESTONE,
    "servicereport": flows.REPORT,
    "acceptanceact": flows.ACCEPTANCE_ACT,
    "visit": flows.VISIT,
    "finding": flows.FINDING,
    "qualityevaluation": flows.QUALITY_EVALUATION,
    "survey": flows.SURVEY,
}
_OF_CONTRACT: Final = (
    *("number", "hromada_id", "commissioner_id", "contractor_id", "award_id", "competition_id", "sum", "first_sum"),
    *("version", "service_from", "service_to", "concluded_on", "concluded_at", "ended_on", "ended_at"),
    *("end_ground_id", "end_reason", "end_paid"),
)
_OF_VERSION: Final = ("contract_id", "number", "kind", "sum", "service_from", "service_to", "content", "digest")
_OF_ACT: Final = (
    *("contract_id", "number", "kind", "corrects_id", "report_id", "contract_version", "period_from", "period_to"),
    *("claimed", "deducted", "accepted", "claimed_at", "accepted_at"),
)
_OF_PAYMENT: Final = (
    *("act_id", "funding_id", "kind", "amount", "paid_on", "order_number", "undoes_id", "key", "entered_at"),
)


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger; `differs` in its condition becomes how this database says that, nulls among them."""

    name: str
    table: str
    event: str
    condition: str
    refusal: str


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse; safe to run twice."""
    remove(connection)
    with connection.cursor() as cursor:
        for guard in _GUARDS:
            for statement in _written(guard, connection.vendor):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards off: for migrations that reshape the tables and for tests."""
    with connection.cursor() as cursor:
        for guard in _GUARDS:
            table = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{table}")


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let everything pass for the length of a block: where the demonstration goes, and where tests empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT set_config('{_SWITCH}', 'off', false)")
    else:
        remove(connection)
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT set_config('{_SWITCH}', '', false)")
        else:
            install(connection)


def before_migrations(*, using: str, **_news: Any) -> None:
    """Take the guards off where they are."""
    if _all_there(connections[using]):
        remove(connections[using])


def after_migrations(*, using: str, **_news: Any) -> None:
    """Put the guards on as soon as there is something to guard."""
    if _all_there(connections[using]):
        install(connections[using])


def _all_there(connection: BaseDatabaseWrapper) -> bool:
    return {guard.table for guard in _GUARDS} <= set(connection.introspection.table_names())


def _written(guard: Guard, vendor: str) -> tuple[str, ...]:
    event = f"BEFORE {guard.event} ON {guard.table}"
    if vendor == "sqlite":
        condition = guard.condition.replace("differs", "IS NOT")
        refuse = f"BEGIN SELECT RAISE(ABORT, '{guard.refusal}'); END"
        return (f"CREATE TRIGGER {guard.name} {event} WHEN {condition} {refuse}",)
    if vendor != "postgresql":
        raise NotImplementedError(f"contracts cannot be guarded on {vendor}")
    condition = guard.condition.replace("differs", "IS DISTINCT FROM")
    row = "OLD" if guard.event == "DELETE" else "NEW"
    function = (
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF coalesce(current_setting('{_SWITCH}', true), '') <> 'off' AND ({condition}) THEN "
        f"RAISE EXCEPTION '{guard.refusal}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {row}; END $$"
    )
    return function, f"CREATE TRIGGER {guard.name} {event} FOR EACH ROW EXECUTE FUNCTION {guard.name}()"


def _moved(names: Iterable[str]) -> str:
    return " OR ".join(f"NEW.{name} differs OLD.{name}" for name in names)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


def _terminal_guard(model: str, flow: Workflow) -> Guard:
    left = f"OLD.state IN ({_listed(flow.terminal())}) AND NEW.state <> OLD.state"
    return Guard(f"procurement_{model}_stays", f"procurement_{model}", "UPDATE", left, LEFT)


def _act_guards() -> Iterator[Guard]:
    """Guard an accepted act and what it is made of; a row may still come to it until its digest is written."""
    accepted = f"OLD.state = '{ActState.ACCEPTED.value}'"
    sealed = "(OLD.digest <> '' AND (NEW.digest differs OLD.digest OR NEW.content differs OLD.content))"
    condition = f"{accepted} AND ({_moved(_OF_ACT)} OR {sealed})"
    yield Guard("procurement_act_as_accepted", ACTS, "UPDATE", condition, ACCEPTED)
    for table in (LINES, DEDUCTIONS):
        yield Guard(f"{table}_no_update", table, "UPDATE", _of_accepted("OLD"), ACCEPTED)
        yield Guard(f"{table}_no_delete", table, "DELETE", _of_accepted("OLD"), ACCEPTED)
        yield Guard(f"{table}_no_insert", table, "INSERT", _of_accepted("NEW", " AND a.digest <> ''"), ACCEPTED)


def _of_accepted(row: str, more: str = "") -> str:
    act = f"a.id = {row}.act_id AND a.state = '{ActState.ACCEPTED.value}'{more}"
    return f"EXISTS (SELECT 1 FROM {ACTS} a WHERE {act})"  # noqa: S608 our own names


def _payment_guards() -> Iterator[Guard]:
    table = "procurement_payment"
    yield Guard("procurement_payment_as_entered", table, "UPDATE", _moved(_OF_PAYMENT), ENTERED)
    yield Guard("procurement_payment_no_delete", table, "DELETE", "1 = 1", ENTERED)


def _guards() -> Iterator[Guard]:
    for model, flow in _FLOWS.items():
        yield _terminal_guard(model, flow)
    ended = f"OLD.state IN ({_listed(ContractState.terminal)}) AND ({_moved(_OF_CONTRACT)})"
    yield Guard("procurement_contract_as_ended", "procurement_contract", "UPDATE", ended, ENDED)
    signed = f"OLD.state = '{ContractVersionState.SIGNED.value}' AND ({_moved(_OF_VERSION)})"
    yield Guard("procurement_version_as_signed", "procurement_contractversion", "UPDATE", signed, SIGNED)
    yield from _act_guards()
    yield from _payment_guards()


_GUARDS: Final = tuple(_guards())
