import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kernel.append_only import install_append_only, remove_append_only, suspended
from portal.kernel.audit import (
    COLUMNS,
    Broken,
    Entry,
    Fault,
    LogOutsideTransaction,
    PersonalDataRefused,
    append,
    append_many,
    canonical,
    forget_personal,
    personal_digest,
    verify,
)
from portal.kernel.models import LogEntry, LogHead, PersonalSalt

AT = datetime(2026, 5, 5, 12, 30, 15, 123456, tzinfo=UTC)
REFUSED = (IntegrityError, InternalError)
TEXTS = [name for name in COLUMNS if name != "seq"]


def write(count=5):
    items = [Entry("registry:entry:include", f"registry.entry:{n:07}", {"крок": n}, "99/3") for n in range(count)]
    return append_many(items, actor_role="registrar", at=AT)


def execute(statement, values=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
def test_append_chains_the_entries_and_moves_the_head():
    one = append(tag="a:b:c", subject="x:1", payload={"б": 1, "а": "ї"}, actor_role="auditor", at=AT)
    two = append(tag="a:b:c", subject="x:2", payload={}, actor_role="auditor", at=AT, clause="450/7")
    assert (one.seq, one.prev_digest, one.payload) == (1, "", '{"а":"ї","б":1}')
    assert (two.seq, two.prev_digest, two.at, two.clause) == (2, one.digest, AT, "450/7")
    assert (LogHead.objects.get().seq, LogHead.objects.get().digest) == (2, two.digest)
    assert verify() is None


@pytest.mark.django_db
def test_anyone_can_recompute_a_digest_from_the_columns():
    entry = append(tag="a:b:c", subject="x:1", payload={"сума": "10.00"}, actor_role="auditor", at=AT)
    columns = [1, "2026-05-05T12:30:15.123456Z", "auditor", "a:b:c", "x:1", "", '{"сума":"10.00"}']
    columns += [sha256(columns[6].encode()).hexdigest(), ""]
    written = json.dumps(columns, separators=(",", ":"), ensure_ascii=False)
    assert entry.digest == sha256(written.encode()).hexdigest()


@pytest.mark.django_db
def test_append_many_continues_the_numbers_and_takes_nothing_for_nothing():
    assert (write(3), append_many([], actor_role="x", at=AT), write(2)) == ([1, 2, 3], [], [4, 5])
    assert verify() is None


@pytest.mark.django_db
def test_moments_are_kept_in_utc_and_compared_as_moments():
    kyiv = timezone(timedelta(hours=3))
    append(tag="a", subject="x", payload={}, actor_role="r", at=datetime(2026, 5, 5, 1, tzinfo=kyiv))
    assert LogEntry.objects.get().at == datetime(2026, 5, 4, 22, tzinfo=UTC)
    assert LogEntry.objects.filter(at__lt=datetime(2026, 5, 4, 22, 0, 1, tzinfo=UTC)).exists()
    assert not LogEntry.objects.filter(at__lt=datetime(2026, 5, 4, 22, tzinfo=UTC)).exists()


def test_a_naive_moment_is_refused(db):
    with pytest.raises(ValueError, match="aware"):
        append(tag="a", subject="x", payload={}, actor_role="r", at=datetime(2026, 5, 5))


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused():
    with pytest.raises(LogOutsideTransaction):
        write()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_decision_leaves_no_entry_and_no_gap():
    with transaction.atomic():
        write(2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(2)
        raise ZeroDivisionError
    with transaction.atomic():
        assert write(1) == [3]
    assert verify() is None


# --- personal data -------------------------------------------------------------------------------------------------

RNOKPP = "1759013776"


@pytest.mark.parametrize(
    "payload",
    [
        {"code": RNOKPP},
        {"code": int(RNOKPP)},
        {"a": [{"b": f"код {RNOKPP}, далі"}]},
        {RNOKPP: 1},
        {"a": f"\n{RNOKPP}"},
        {"a": f"\x1f{RNOKPP}\t"},
    ],
)
def test_a_payload_with_a_taxpayer_number_is_refused(db, payload):
    with pytest.raises(PersonalDataRefused, match="РНОКПП"):
        append(tag="a:b:c", subject="x:1", payload=payload, actor_role="auditor", at=AT)
    assert not LogEntry.objects.exists()


def test_a_subject_with_a_taxpayer_number_is_refused(db):
    with pytest.raises(PersonalDataRefused):
        append(tag="a:b:c", subject=f"person:{RNOKPP}", payload={}, actor_role="auditor", at=AT)


@pytest.mark.parametrize("text", ["1759013770", f"a{RNOKPP}", f"{RNOKPP}1", "32855961", "0000012"])
def test_other_digits_are_no_taxpayer_number(db, text):
    assert append(tag="a:b:c", subject="x:1", payload={"t": text}, actor_role="auditor", at=AT).seq == 1


def test_a_personal_digest_is_the_same_until_it_is_forgotten_and_the_chain_outlives_it(db):
    digest = personal_digest(RNOKPP)
    append(tag="a:b:c", subject="x:1", payload={"person": digest}, actor_role="auditor", at=AT)
    assert personal_digest(RNOKPP) == digest != personal_digest("2530414071")
    assert RNOKPP not in str(list(PersonalSalt.objects.values()))
    assert forget_personal(RNOKPP)
    assert not forget_personal(RNOKPP)
    assert verify() is None
    assert personal_digest(RNOKPP) != digest


# --- the database refuses ------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_logentry SET clause = 'інший' WHERE seq = 2",
        "UPDATE kernel_logentry SET seq = 99 WHERE seq = 5",
        "DELETE FROM kernel_logentry WHERE seq = 5",
        "DELETE FROM kernel_logentry",
        "DELETE FROM kernel_loghead",
        "UPDATE kernel_loghead SET seq = 3",
        "UPDATE kernel_loghead SET digest = 'x'",
    ],
)
def test_raw_sql_may_not_change_the_log(statement):
    write()
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        execute(statement)
    assert verify() is None


@pytest.mark.django_db
def test_the_orm_may_not_change_the_log():
    write()
    for change in (
        lambda: LogEntry.objects.filter(seq=2).update(clause="інший"),
        lambda: LogEntry.objects.get(seq=2).delete(),
        lambda: LogEntry.objects.all().delete(),
    ):
        with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
            change()
    assert LogEntry.objects.count() == 5


@pytest.mark.django_db
def test_an_entry_may_not_be_replaced_or_put_in_between():
    write()
    columns, values = ", ".join(COLUMNS), ", ".join(f"'{name}'" for name in TEXTS)
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with pytest.raises(REFUSED), transaction.atomic():
        execute(f"{verb} INTO kernel_logentry ({columns}) VALUES (3, {values})")
    assert verify() is None


@pytest.mark.django_db
def test_truncate_is_refused():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    write()
    with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        execute("TRUNCATE kernel_logentry")


@pytest.mark.django_db
def test_the_guard_may_be_taken_off_for_a_block_and_put_on_twice():
    write()
    with suspended(connection):
        execute("DELETE FROM kernel_logentry WHERE seq = 5")
    install_append_only(connection)
    with pytest.raises(REFUSED), transaction.atomic():
        execute("DELETE FROM kernel_logentry WHERE seq = 4")


@pytest.mark.django_db
def test_the_guard_is_in_the_migrations():
    names = [name for _app, name in MigrationExecutor(connection).loader.applied_migrations if _app == "kernel"]
    assert "0002_append_only" in names


# --- what happens behind the application's back is named -----------------------------------------------------------


def changed(text, place, step):
    """Change one sign of the text for another one, or lengthen an empty text."""
    place %= max(len(text), 1)
    sign = text[place : place + 1] or "a"
    return text[:place] + chr((ord(sign) - 32 + step) % 90 + 32) + text[place + 1 :]


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(1, 6), column=st.sampled_from(TEXTS), place=st.integers(0, 200), step=st.integers(1, 89))
def test_any_changed_sign_in_any_column_is_named(seq, column, place, step):
    with transaction.atomic():
        write(6)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {column} FROM kernel_logentry WHERE seq = %s", [seq])
            before = cursor.fetchone()[0]
        after = changed(before, place, step)
        assert after != before
        remove_append_only(connection)
        execute(f"UPDATE kernel_logentry SET {column} = %s WHERE seq = %s", [after, seq])
        found = verify()
        transaction.set_rollback(True)
    assert found is not None
    assert found.seq == seq
    assert found.fault == {
        "payload": Fault.PAYLOAD_ALTERED,
        "payload_digest": Fault.PAYLOAD_ALTERED,
        "prev_digest": Fault.CHAIN_BROKEN,
    }.get(column, Fault.ENTRY_ALTERED)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(1, 4), column=st.sampled_from(TEXTS), junk=st.binary(max_size=30))
def test_bytes_that_are_no_text_are_named_and_do_not_crash(seq, column, junk):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes no such bytes")
    with transaction.atomic():
        write(4)
        remove_append_only(connection)
        execute(f"UPDATE kernel_logentry SET {column} = CAST(%s AS TEXT) WHERE seq = %s", [junk + b"\xff", seq])
        found = verify()
        transaction.set_rollback(True)
    assert found is not None
    assert found.seq == seq


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("DELETE FROM kernel_logentry WHERE seq = 3", Broken(3, Fault.MISSING)),
        ("DELETE FROM kernel_logentry WHERE seq <= 2", Broken(1, Fault.MISSING)),
        ("UPDATE kernel_logentry SET seq = 40 WHERE seq = 4", Broken(4, Fault.MISSING)),
        ("DELETE FROM kernel_logentry WHERE seq > 3", Broken(4, Fault.TAIL_CUT)),
        ("DELETE FROM kernel_logentry", Broken(1, Fault.TAIL_CUT)),
        ("DELETE FROM kernel_loghead", Broken(5, Fault.HEAD_MISMATCH)),
        ("UPDATE kernel_loghead SET seq = 4", Broken(5, Fault.HEAD_MISMATCH)),
        ("UPDATE kernel_loghead SET digest = 'x'", Broken(5, Fault.HEAD_MISMATCH)),
    ],
)
def test_missing_entries_a_cut_tail_and_a_false_head_are_named(statement, broken):
    write()
    remove_append_only(connection)
    execute(statement)
    assert verify() == broken


@pytest.mark.django_db
def test_a_rewritten_entry_with_a_matching_digest_breaks_the_next_one():
    write()
    remove_append_only(connection)
    other = append_forged(seq=3)
    assert verify() == Broken(4, Fault.CHAIN_BROKEN)
    assert other != LogEntry.objects.get(seq=4).prev_digest


def append_forged(*, seq):
    row = list(LogEntry.objects.filter(seq=seq).values_list(*COLUMNS).get())
    row[1] = row[1].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    row[6] = '{"крок":77}'
    row[7] = sha256(row[6].encode()).hexdigest()
    digest = sha256(json.dumps(row[:-1], separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
    execute(
        "UPDATE kernel_logentry SET payload = %s, payload_digest = %s, digest = %s WHERE seq = %s",
        [row[6], row[7], digest, seq],
    )
    return digest


@pytest.mark.django_db
def test_verify_tells_its_progress_and_walks_page_by_page(monkeypatch):
    monkeypatch.setattr("portal.kernel.audit.PAGE", 4)
    write(10)
    steps = []
    assert verify(steps.append) is None
    assert sum(steps) == 10


# --- the canonical form and the command -----------------------------------------------------------------------------

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), values, max_size=5))
def test_the_canonical_form_does_not_depend_on_the_order_of_keys(payload):
    assert canonical(payload) == canonical(dict(reversed(payload.items())))
    assert json.loads(canonical(payload)) == payload


@pytest.mark.django_db
def test_verify_log_prints_the_number_of_entries_and_the_head():
    write(3)
    out = StringIO()
    call_command("verify_log", stdout=out, stderr=StringIO())
    assert out.getvalue() == f"whole: 3 entries, head {LogEntry.objects.get(seq=3).digest}\n"


@pytest.mark.django_db
def test_verify_log_names_the_broken_entry_and_fails():
    write(3)
    remove_append_only(connection)
    execute("UPDATE kernel_logentry SET clause = 'x' WHERE seq = 2")
    with pytest.raises(CommandError, match="broken at entry 2") as error:
        call_command("verify_log", stdout=StringIO(), stderr=StringIO())
    assert error.value.returncode == 1


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_leave_one_unbroken_chain():
    def work():
        try:
            for _turn in range(10):
                with transaction.atomic():
                    write(3)
        finally:
            connection.close()

    writers = [threading.Thread(target=work) for _writer in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (LogHead.objects.get().seq, verify()) == (60, None)
