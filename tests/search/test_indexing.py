"""The index follows the register: nothing is lost, nothing stays that has gone, whoever dies in the middle."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from portal.site.bootstrap import make_site
from portal.site.management.commands import prepare
from registry.domain.demo.removing import remove
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from registry.domain.standing import exclude_entry, restore_entry, suspend_entry
from registry.models import RegisterEntry, RegisterRevision, ServiceType
from search import indexing, lexicon
from search.checks import check_engine, check_index, check_models
from search.engines import engine as present_engine
from search.engines.embedded import EmbeddedEngine
from search.engines.interface import Alternative, Clause, EngineAway, Plan
from search.indexing import Health, IndexMissing, ensure, follow, follow_pages, health, rebuild
from search.lexicon import NEW_WORDS_ID, VOCABULARY_ID
from search.models import Synonym
from search.queries.health import search_health
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_provider

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_page_of_wagtail(db):
    """Take out the page of welcome that Wagtail's migrations leave behind."""
    Page.objects.filter(depth=2).delete()


def numbers(engine, kind="provider"):
    return {data["number"] for data in engine.everything() if data.get("kind") == kind}


def titles(engine, kind="page"):
    return {data["title_uk"] for data in engine.everything() if data.get("kind") == kind}


def found(engine, word, kind="provider"):
    plan = Plan(kinds=(kind,), must=(Clause((Alternative((word,)),)),))
    return {hit.data.get("number") for hit in engine.search(plan).hits}


def change(entry, **facts):
    key = {"code": entry.organisation.code}
    put_providers([ProviderRecord(**key, **facts)], actor=REGISTRAR, ground="тест", now=NOW)


# --- following -----------------------------------------------------------------------------------------------------


def test_saved_change_is_found_after_the_worker_ran_once(live, django_capture_on_commit_callbacks):
    entry = make_provider()
    rebuild(live)

    with django_capture_on_commit_callbacks(execute=True):
        change(entry, about="Маємо басейн.")
    assert OutboxMessage.objects.filter(kind="search", sent_at=None).count() == 1
    call_command("run_worker", "--once")

    assert found(live, "басейн") == {entry.number}
    assert live.state().revision == RegisterRevision.objects.get().value
    assert not OutboxMessage.objects.filter(sent_at=None).exists()


def test_message_alone_brings_the_index_up_and_the_same_news_are_one_message(live, django_capture_on_commit_callbacks):
    rebuild(live)
    with django_capture_on_commit_callbacks() as callbacks:
        entry = make_provider()

    for _time in range(2):
        for callback in callbacks:
            callback()
    done = deliver(timezone.now())

    assert (done.sent, done.failed) == (1, 0)
    assert numbers(live) == {entry.number}


def test_change_that_nobody_told_of_is_found_by_the_worker_when_it_starts(live):
    rebuild(live)
    entry = make_provider()

    call_command("run_worker", "--once")

    assert OutboxMessage.objects.count() == 0
    assert numbers(live) == {entry.number}


def test_excluded_and_suspended_entries_leave_and_a_restored_one_comes_back(live):
    entry, other = make_provider(), make_provider()
    rebuild(live)

    suspend_entry(entry_id=entry.pk, actor=REGISTRAR, ground="тест", now=NOW)
    exclude_entry(entry_id=other.pk, actor=REGISTRAR, ground="тест", now=NOW)
    follow(live, NOW)
    without = numbers(live), numbers(live, "service")
    restore_entry(entry_id=entry.pk, actor=REGISTRAR, ground="тест", now=NOW)
    follow(live, NOW)

    assert without == (set(), set())
    assert numbers(live) == numbers(live, "service") == {entry.number}


def test_removed_demonstration_leaves_even_if_nobody_told_of_it(live):
    real, invented = make_provider(), make_provider(demo=True)
    rebuild(live)
    assert numbers(live) == {real.number, invented.number}

    remove(actor_role="demo", now=NOW)
    change(real, about="Зміна після вилучення.")
    follow(live, NOW)

    assert numbers(live) == numbers(live, "service") == {real.number}
    assert live.state().documents == 2


def test_natural_persons_are_never_in_the_index(live):
    make_carer()

    rebuild(live)

    assert numbers(live) == set()


def test_batches_never_divide_a_revision(live, monkeypatch):
    monkeypatch.setattr(indexing, "BATCH", 2)
    first = [make_provider() for _ in range(3)]
    change_all = [ProviderRecord(code=one.organisation.code, about="разом") for one in first]
    put_providers(change_all, actor=REGISTRAR, ground="тест", now=NOW)
    last = make_provider()

    found = list(indexing.batches(0, RegisterRevision.objects.get().value))

    revision = RegisterEntry.objects.get(pk=first[0].pk).revision
    assert found == [(revision, [one.pk for one in first]), (revision + 1, [last.pk])]


def test_followed_batch_stays_when_the_next_one_fails(live, monkeypatch):
    rebuild(live)
    monkeypatch.setattr(indexing, "BATCH", 1)
    entries = [make_provider() for _ in range(3)]
    make_source = indexing.Source

    class Breaking(make_source):
        def of_entries(self, keys):
            if entries[1].pk in keys:
                raise OSError("живлення зникло")
            return super().of_entries(keys)

    monkeypatch.setattr(indexing, "Source", Breaking)
    with pytest.raises(OSError, match="живлення"):
        follow(live, NOW)
    broken = numbers(live), live.state().revision
    monkeypatch.setattr(indexing, "Source", make_source)
    follow(live, NOW)

    assert broken == ({entries[0].number}, entries[0].revision)
    assert numbers(live) == {entry.number for entry in entries}


def test_news_wait_seconds_not_a_minute_while_another_process_writes(live, django_capture_on_commit_callbacks):
    rebuild(live)
    now = timezone.now()
    with live.writer() as writer:
        assert writer is not None
        with django_capture_on_commit_callbacks(execute=True):
            entries = [make_provider(), make_provider()]
        busy = deliver(timezone.now())

    waiting = OutboxMessage.objects.filter(sent_at=None)
    assert (busy.sent, busy.failed) == (2, 0)
    assert len(waiting) <= 2
    assert {message.available_at < now + timedelta(seconds=10) for message in waiting} == {True}
    deliver(now + timedelta(seconds=10))
    assert numbers(live) == {entry.number for entry in entries}


def test_index_counts_what_it_has(live):
    make_provider()
    rebuild(live)
    make_provider()

    followed = follow(live, NOW)

    assert (followed.entries, followed.documents) == (1, 4)
    assert live.state().documents == indexing.count_documents(live) == 4


def test_nothing_changed_is_nothing_written(live, django_assert_num_queries):
    make_provider()
    rebuild(live)
    before = live.state()

    with django_assert_num_queries(1):
        follow(live, NOW)

    assert live.state() == before


def test_follow_without_an_index_does_nothing(live):
    make_provider()

    assert follow(live, NOW) is None
    assert live.state() is None


# --- building anew -------------------------------------------------------------------------------------------------


def test_failed_rebuild_leaves_the_old_index(live):
    entry = make_provider()
    rebuild(live)
    before = live.state()

    def fail(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(live, progress=fail)

    assert live.state() == before
    assert numbers(live) == {entry.number}
    assert rebuild(live).documents == 2


def test_second_rebuild_at_the_same_time_says_so_and_leaves(live, capsys):
    make_provider()
    rebuild(live)
    with live.rebuild("other") as writer:
        assert writer is not None
        call_command("rebuild_index")
        told = capsys.readouterr().out
        writer.commit(live.state())

    assert told == "Індекс зараз записує інший процес; даємо йому закінчити.\n"


def test_rebuild_follows_what_changed_meanwhile(live):
    first = make_provider()
    made = []

    rebuild(live, progress=lambda _count: made.append(make_provider()))

    assert numbers(live) == {first.number, made[0].number}
    assert live.state().revision == RegisterRevision.objects.get().value
    assert live.state().documents == 4


def test_entry_deleted_while_the_index_is_built_is_not_in_it(live):
    real = make_provider()
    make_provider(demo=True)

    rebuild(live, progress=lambda _count: remove(actor_role="demo", now=NOW))

    assert numbers(live) == {real.number}


def test_vocabulary_knows_tokens_and_words_as_people_write_them(live):
    entry = make_provider()
    rebuild(live)

    known = live.documents([VOCABULARY_ID])[VOCABULARY_ID].data
    change(entry, about="Маємо басейни.")
    follow(live, NOW)
    new = live.documents([NEW_WORDS_ID])[NEW_WORDS_ID].data["words"]

    assert known["documents"] == 2
    assert known["words"]["догляд"] == 2
    assert {"приготування", "ліків", "s:home-care"} <= known["words"].keys()
    assert not any(word.startswith(("f:", "p:")) for word in known["words"])
    assert {"басейн", "басейни"} <= new.keys()
    assert "догляд" not in new


# --- pages ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def front_page(live):
    page = make_site()
    rebuild(live)
    OutboxMessage.objects.all().delete()
    return page


def test_published_page_is_found_and_an_unpublished_one_is_not(live, front_page):
    page = front_page.add_child(instance=Page(title="Про басейн", slug="pool", live=False))
    page.save_revision().publish()
    call_command("run_worker", "--once")
    shown = titles(live)

    Page.objects.get(pk=page.pk).unpublish()
    call_command("run_worker", "--once")

    assert "Про басейн" in shown
    assert "Про басейн" not in titles(live)


def test_deleted_page_goes_with_the_pages_below_it(live, front_page):
    page = front_page.add_child(instance=Page(title="Розділ", slug="part"))
    page.add_child(instance=Page(title="Сторінка розділу", slug="leaf"))
    follow_pages(live)
    assert {"Розділ", "Сторінка розділу"} <= titles(live)

    page.delete()
    call_command("run_worker", "--once")

    assert titles(live).isdisjoint({"Розділ", "Сторінка розділу"})


def test_page_closed_to_some_readers_goes_with_the_pages_below_it(live, front_page):
    page = front_page.add_child(instance=Page(title="Розділ", slug="part"))
    page.add_child(instance=Page(title="Сторінка розділу", slug="leaf"))
    follow_pages(live)

    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    call_command("run_worker", "--once")
    closed = titles(live)
    restriction.delete()
    call_command("run_worker", "--once")

    assert closed.isdisjoint({"Розділ", "Сторінка розділу"})
    assert {"Розділ", "Сторінка розділу"} <= titles(live)


def test_news_of_a_page_wait_for_an_index(live):
    make_site()

    with pytest.raises(IndexMissing):
        follow_pages(live)


# --- what is due ---------------------------------------------------------------------------------------------------


def test_edited_synonym_or_catalogue_makes_a_rebuild_due(live):
    make_provider()
    rebuild(live)
    assert health(live.state()) is Health.OK

    Synonym.objects.create(phrase="побути з мамою", kind="service", target="home-care", weight=1)
    with_synonym = health(live.state())
    rebuild(live)
    ServiceType.objects.filter(slug="home-care").update(name_uk="Догляд удома", edited_at=NOW)
    with_name = health(live.state())

    assert (with_synonym, with_name) == (Health.STALE, Health.STALE)


def test_index_of_a_register_that_was_restored_is_stale(live):
    make_provider()
    rebuild(live)

    RegisterRevision.objects.update(value=0)

    assert health(live.state()) is Health.STALE


def test_checks_ask_for_an_index_and_for_a_better_one(live):
    missing = [one.id for one in check_index()]
    make_provider()
    rebuild(live)
    fine = check_index()
    Synonym.objects.create(phrase="побути з мамою", kind="service", target="home-care", weight=1)

    assert (missing, fine) == (["search.W001"], [])
    assert [one.id for one in check_index()] == ["search.W002"]


def test_every_public_model_is_found_or_left_out_by_name():
    assert list(check_models()) == []


def test_unknown_engine_is_named(settings):
    settings.SEARCH_ENGINE = "lucene"

    assert [one.id for one in check_engine()] == ["search.E002"]
    assert check_index() == []


def test_portal_without_an_engine_enqueues_nothing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_provider()

    assert OutboxMessage.objects.count() == 0
    with pytest.raises(EngineAway):
        present_engine().search(Plan())


def test_ensure_builds_what_is_missing_then_follows(live):
    make_provider()
    ensure(live, NOW)
    name = live.state().name
    entry = make_provider()

    ensure(live, NOW)

    assert live.state().name == name
    assert entry.number in numbers(live)


def test_prepare_builds_the_index_once_and_again_when_it_is_due(live, capsys):
    make_provider()
    first = prepare.search_due()
    prepare.Command()._index()
    ready = prepare.search_due()
    entry = make_provider()
    behind = prepare.search_due()
    prepare.Command()._index()

    assert first.startswith("due")
    assert behind.startswith("due")
    assert (ready, prepare.search_due()) == ("", "")
    assert entry.number in numbers(live)


def test_health_of_the_search_never_fails(client, live, settings):
    make_provider()

    def told():
        return client.get(reverse("healthz")).json()["search"]

    missing = told()
    rebuild(live)
    ok = told()
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = "elasticsearch", "http://127.0.0.1:9"
    away = told()
    settings.SEARCH_ENGINE = "none"

    assert missing == {"engine": "tantivy", "state": "missing", "revision": None, "documents": None}
    assert ok == {"engine": "tantivy", "state": "ok", "revision": 1, "documents": 2}
    assert away == {"engine": "elasticsearch", "state": "away", "revision": None, "documents": None}
    assert search_health()["state"] == "away"


# --- the words of the portal ---------------------------------------------------------------------------------------


def test_lexicon_is_made_once_and_again_when_words_change(live):
    make_provider()
    rebuild(live)
    first = lexicon.lexicon()
    assert first.size == 2
    assert first.gazetteer.by_code["UA53080130010081044"].chain[0] == "UA53080130000079450"

    same = lexicon.lexicon()
    lexicon.look_again()
    looked = lexicon.lexicon()
    Synonym.objects.create(phrase="побути з мамою", kind="service", target="home-care", weight=1)
    changed = lexicon.lexicon()

    assert same is looked is first
    assert changed is not first
    assert changed.gazetteer is first.gazetteer


def test_lexicon_without_engine_reads_questions_all_the_same(settings):
    settings.SEARCH_ENGINE = "none"
    lexicon.forget()

    assert lexicon.lexicon().phrases.knows(("догляд",))


# --- processes that die --------------------------------------------------------------------------------------------


@pytest.fixture
def scratch(tmp_path):
    """Return a PORTAL_VAR with an empty database of today's schema."""
    if connection.vendor != "sqlite":
        pytest.skip("the schema is copied from the test database's file")
    connection.ensure_connection()
    source = sqlite3.connect(connection.settings_dict["NAME"])
    target = sqlite3.connect(tmp_path / "portal.sqlite3")
    source.backup(target)
    source.close()
    target.close()
    return tmp_path


def run(scratch, *arguments):
    environment = {**os.environ, "PORTAL_VAR": str(scratch), "DJANGO_SETTINGS_MODULE": "portal.settings.dev"}
    environment |= {"PORTAL_SEARCH_ENGINE": "tantivy"}
    environment.pop("PORTAL_DATABASE", None)
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def finished(process):
    out = process.communicate(timeout=120)[0].decode()
    assert process.returncode == 0, out
    return out


def worker(scratch):
    return run(scratch, "manage.py", "run_worker", "--interval", "0.02")


def abouts(scratch):
    with sqlite3.connect(scratch / "portal.sqlite3") as database:
        rows = database.execute("SELECT number, about FROM registry_registerentry").fetchall()
        revision = database.execute("SELECT value FROM registry_registerrevision").fetchone()[0]
    database.close()
    return dict(rows), revision


def indexed(scratch):
    engine = EmbeddedEngine(scratch / "search")
    rows = {one["number"]: one["summary"] for one in engine.everything() if one.get("kind") == "provider"}
    return rows, engine.state().revision


def test_indexer_killed_in_the_middle_of_a_thousand_changes_loses_none(scratch):
    finished(run(scratch, "-m", "tests.search.changing", "fill", "1000"))
    changing = run(scratch, "-m", "tests.search.changing", "change", "1000")
    kills = 0
    while changing.poll() is None or kills == 0:
        before = indexed(scratch)[1]
        indexer = worker(scratch)
        # it reads words for some seconds first; then somewhere in the middle of its work
        deadline = time.monotonic() + 30
        while indexed(scratch)[1] == before and changing.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(random.uniform(0, 0.5))
        indexer.send_signal(signal.SIGKILL)
        indexer.communicate()
        kills += 1
    finished(changing)
    half_way = indexed(scratch)

    finished(run(scratch, "manage.py", "run_worker", "--once"))

    wanted, revision = abouts(scratch)
    assert half_way[1] > 1, "some of it was written before the last one died"
    assert set(wanted.values()) == {f"Змінено {number}" for number in range(1000)}
    assert indexed(scratch) == (wanted, revision)


def test_two_indexers_and_a_rebuild_at_once_do_no_harm(scratch):
    finished(run(scratch, "-m", "tests.search.changing", "fill", "100"))
    changing = run(scratch, "-m", "tests.search.changing", "change", "100")
    indexers = [worker(scratch), worker(scratch)]
    finished(run(scratch, "manage.py", "rebuild_index"))
    finished(changing)
    wanted, revision = abouts(scratch)

    deadline = time.monotonic() + 20
    while indexed(scratch)[1] < revision and time.monotonic() < deadline:
        time.sleep(0.1)
    told = ""
    for indexer in indexers:
        indexer.terminate()
        told += finished(indexer)

    assert indexed(scratch) == (wanted, revision)
    assert "failed 1" not in told
    assert "Traceback" not in told
