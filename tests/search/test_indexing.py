"""The index follows the register, is built anew beside itself, and says when that is due."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from portal.site.management.commands import prepare
from registry.domain.demo.removing import remove
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from registry.domain.standing import exclude_entry, restore_entry, suspend_entry
from registry.models import RegisterEntry, RegisterRevision, ServiceType
from search import indexing
from search.checks import check_engine, check_index, check_models
from search.engines import engine as present_engine
from search.engines.interface import EngineAway, Plan
from search.indexing import Health, ensure, follow, health, rebuild
from search.lexicon import NEW_WORDS_ID, VOCABULARY_ID
from search.models import Synonym
from search.queries.health import search_health
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_provider
from tests.search.following import change, found, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_page_of_wagtail")]


# --- following -------------------------------------------------------------------------------------------------------


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


# --- building anew ---------------------------------------------------------------------------------------------------


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


# --- what is due -----------------------------------------------------------------------------------------------------


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
