"""What is Elasticsearch's alone: old indexes, the right to write, nodes that die, servers that are none."""

import random
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from search.engines import elastic_lease
from search.engines.elastic import ElasticEngine
from search.engines.interface import (
    EngineAway,
)
from tests.search.contract import ALL, NEXT, ROOT, of
from tests.search.engines import PATIENT, STATE, WORDS, corpus, fill, made
from tools.elasticsearch import elasticsearch_node


@pytest.fixture
def on_node(node, tmp_path):
    """Return an engine with an index of 40 documents, and its address."""
    engine = ElasticEngine(node.url, f"alone-{tmp_path.name}".replace("_", "-"), PATIENT)
    fill(engine, corpus(40))
    return engine


def indexes(engine):
    return sorted(engine._client.indices.get(index=f"{engine._prefix}*").body)


@pytest.mark.elasticsearch
def test_old_and_abandoned_indexes_are_deleted(on_node, node):
    other = ElasticEngine(node.url, f"{on_node._prefix}-longer", PATIENT)
    fill(other, corpus(3))
    prefix = on_node._prefix
    # what a rebuild that was killed leaves
    on_node._make(f"{prefix}-killed")

    fill(on_node, corpus(5), NEXT, "second")
    with pytest.raises(RuntimeError), on_node.rebuild("uncommitted"):
        pass

    own = [f"{prefix}-second", f"{prefix}_writer"]
    assert indexes(on_node) == sorted([*own, f"{prefix}-longer-first", f"{prefix}-longer_writer"])
    assert (on_node.count(ALL), other.count(ALL)) == (5, 3)


@pytest.mark.elasticsearch
def test_live_index_is_not_rebuilt_in_place(on_node):
    with pytest.raises(ValueError, match="is the live index"), on_node.rebuild("first"):
        pass

    assert on_node.count(ALL) == 40


@pytest.mark.elasticsearch
def test_document_with_an_unknown_field_is_refused(on_node):
    with pytest.raises(ValueError, match="secret"), on_node.writer() as writer:
        writer.put([made(1, random.Random(1), secret="a home address")])
        writer.commit(NEXT)

    assert on_node.state() == STATE


@pytest.mark.elasticsearch
def test_right_to_write_of_a_killed_process_runs_out(on_node, node):
    script = f"""
        import os, signal
        os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
        from search.engines import elastic_lease
        from search.engines.elastic import ElasticEngine
        elastic_lease.LASTS, elastic_lease.SPARE, elastic_lease.BEAT = 2.0, 0.5, 0.2
        with ElasticEngine({node.url!r}, {on_node._prefix!r}, 20.0).writer() as writer:
            writer.remove(["00001"])
            print("writing", flush=True)
            signal.pause()
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "writing\n"
            # longer than the lease lasts without being renewed
            time.sleep(2.5)
            with on_node.writer() as writer:
                assert writer is None
        finally:
            process.kill()

    with on_node.writer() as writer:
        assert writer is None
    time.sleep(2.1)
    with on_node.writer() as writer:
        assert writer is not None
        writer.commit(NEXT)
    assert on_node.count(ALL) == 40


@pytest.mark.elasticsearch
def test_process_that_lost_the_right_to_write_writes_no_more(on_node, monkeypatch):
    monkeypatch.setattr(elastic_lease, "LASTS", 1.0)
    monkeypatch.setattr(elastic_lease, "SPARE", 0.3)
    # one that sleeps too long
    monkeypatch.setattr(elastic_lease, "BEAT", 3.0)

    with pytest.raises(EngineAway), on_node.writer() as late:
        late.put([made(90, random.Random(9), title="запізно")])
        time.sleep(1.2)
        with on_node.writer() as writer:
            writer.remove(["00001"])
            writer.commit(NEXT)
        late.commit(replace(STATE, revision=99))
    with on_node.writer() as writer:
        writer.commit(NEXT)

    assert on_node.count(of("запізно")) == 0
    assert on_node.count(ALL) == 39
    assert on_node.state() == NEXT


@pytest.mark.elasticsearch
def test_long_writer_keeps_the_right_to_write(on_node, monkeypatch):
    monkeypatch.setattr(elastic_lease, "LASTS", 1.0)
    monkeypatch.setattr(elastic_lease, "SPARE", 0.3)
    monkeypatch.setattr(elastic_lease, "BEAT", 0.1)

    with on_node.writer() as writer:
        time.sleep(2)
        with on_node.writer() as second:
            assert second is None
        writer.remove(["00001"])
        writer.commit(NEXT)

    assert on_node.count(ALL) == 39
    assert [thread.name for thread in threading.enumerate() if "lease" in thread.name] == []


def until(condition, seconds=30):
    """Wait for it, and return how long that took."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds
        time.sleep(0.1)
    return time.monotonic() - started


def answers(engine):
    try:
        return engine.search(ALL).total == 40
    except EngineAway:
        return False


@pytest.mark.elasticsearch
def test_node_that_died_is_found_again(runnable):
    with elasticsearch_node.running_nodes() as (node,):
        engine = ElasticEngine(node.url, "recovers")
        fill(engine, corpus(40))
        # several connections, all of which will break
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda _: answers(engine), range(40)))

        node.kill()
        for asked in (
            lambda: engine.search(ALL),
            lambda: engine.count(ALL),
            engine.state,
            lambda: engine.documents(["00001"]),
            lambda: list(engine.everything()),
            lambda: engine.writer().__enter__(),
            lambda: engine.rebuild("second").__enter__(),
        ):
            started = time.monotonic()
            with pytest.raises(EngineAway):
                asked()
            assert time.monotonic() - started < 1
        node.start_again()
        took = until(lambda: answers(engine))

        assert engine.state() == STATE
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda _: answers(engine), range(40)))
        with engine.writer() as writer:
            writer.remove(["00001"])
            writer.commit(NEXT)
        assert engine.count(ALL) == 39
    print(f"answers again {took:.1f} s after the node does")


@pytest.mark.elasticsearch
def test_node_that_dies_during_writing_loses_nothing_committed(runnable):
    with elasticsearch_node.running_nodes() as (node,):
        engine = ElasticEngine(node.url, "durable")
        fill(engine, corpus(40))
        with pytest.raises(EngineAway), engine.writer() as writer:
            writer.remove(["00001"])
            writer.commit(NEXT)
            writer.remove(["00002"])
            node.kill()
            writer.commit(replace(STATE, revision=9))
        node.start_again()
        until(lambda: _state(engine) == NEXT)

        assert engine.count(ALL) == 39


def _state(engine):
    try:
        return engine.state()
    except EngineAway:
        return None


@pytest.mark.elasticsearch
@pytest.mark.parametrize("killed", [0, 1])
def test_searches_go_on_when_one_of_two_nodes_dies(runnable, killed):
    with elasticsearch_node.running_nodes(2) as nodes:
        engine = ElasticEngine(", ".join(node.url for node in nodes), "two")
        fill(engine, corpus(300))
        health = engine._client.cluster.health(index="two", wait_for_status="green", timeout="30s")
        assert health["status"] == "green"
        ended = threading.Event()
        asked = [of(word, limit=10, counted=("service",)) for word in WORDS[:20]]
        wanted = [engine.search(plan) for plan in asked]

        def search(seed):
            rng = random.Random(seed)
            failures, slowest, count = [], 0.0, 0
            while not ended.is_set():
                which = rng.randrange(len(asked))
                started = time.monotonic()
                try:
                    if engine.search(asked[which]) != wanted[which]:
                        failures.append("another answer")
                except EngineAway as error:
                    failures.append(str(error))
                slowest, count = max(slowest, time.monotonic() - started), count + 1
            return failures, slowest, count

        with ThreadPoolExecutor(4) as pool:
            searching = [pool.submit(search, seed) for seed in range(4)]
            time.sleep(2)
            nodes[killed].kill()
            time.sleep(4)
            ended.set()
            results = [one.result() for one in searching]

    failures = [failure for failed, _, _ in results for failure in failed]
    count, slowest = sum(count for _, _, count in results), max(slowest for _, slowest, _ in results)
    print(f"node {killed + 1} of 2 killed: {count} searches, {len(failures)} failures, the slowest {slowest:.2f} s")
    assert failures == []
    assert count > 100


def test_address_where_nothing_listens_is_an_engine_away():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        engine = ElasticEngine(f"http://127.0.0.1:{free.getsockname()[1]}", "nobody")

        for asked in (lambda: engine.search(ALL), engine.state, lambda: engine.writer().__enter__()):
            with pytest.raises(EngineAway):
                asked()


def test_server_that_hangs_is_an_engine_away_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = ElasticEngine(f"http://127.0.0.1:{silent.getsockname()[1]}", "silent", timeout=0.3)
        started = time.monotonic()

        with pytest.raises(EngineAway):
            engine.search(ALL)

        assert time.monotonic() - started < 1


class Stranger(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<p>Hello")

    do_POST = do_PUT = do_GET

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize("status", [200, 401, 404, 502, 503])
def test_server_of_another_kind_is_an_engine_away(status, monkeypatch):
    monkeypatch.setattr(Stranger, "status", status)
    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        engine = ElasticEngine(f"http://127.0.0.1:{server.server_port}", "stranger", timeout=1)

        with pytest.raises(EngineAway):
            engine.search(ALL)
        server.shutdown()
