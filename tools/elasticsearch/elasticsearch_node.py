"""Real Elasticsearch nodes for tests, on a machine that has no Elasticsearch package.

Maven brings the server's jars (`pom.xml` pins them), `org/elasticsearch/node/TestNode.java` starts them. The nodes
lack Elasticsearch's modules, which nobody publishes: so no Painless, no percolator, no rank_feature, no token filters
but lowercase, stop and shingle. The launcher stands in for the root page and the whitespace and keyword tokenizers.

From a shell, until Ctrl-C or SIGTERM: `make elasticsearch`, or `elasticsearch_node.py [--nodes 2] [--port 9200]`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
LAUNCHER = HERE / "org/elasticsearch/node/TestNode.java"
CACHE = HERE.parents[1] / "build/elasticsearch"
HOST = "127.0.0.1"
OLDEST_JAVA = 21
START_SECONDS = 60
STOP_SECONDS = 15
# Elasticsearch refuses to run as root.
UNPRIVILEGED = "nobody"

# What the jars need, and what makes a node small and quick to start.
JVM = (
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.file=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Dio.netty.noUnsafe=true",
    # The node's own shutdown is to be in the log.
    "-Dlog4j.shutdownHookEnabled=false",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
)
SETTINGS = {
    "network.host": HOST,
    "transport.port": "0",
    "transport.type": "netty4",
    "http.type": "netty4",
    "logger.level": "INFO",
    # A disk that is nearly full would make every index read-only.
    "cluster.routing.allocation.disk.threshold_enabled": "false",
}


class MissingError(Exception):
    """The machine lacks something that a node needs; the message is one sentence."""


@dataclass(frozen=True)
class Node:
    name: str
    port: int
    transport_port: int
    process: subprocess.Popen[str]
    _start_again: Callable[[Node], Node] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def kill(self) -> None:
        """End the node as a crash would: SIGKILL, and its ports are closed on return."""
        self.process.kill()
        self.process.wait()

    def start_again(self) -> Node:
        """Start a killed node with its data and its ports; returns once HTTP answers, its shards may come later."""
        return self._start_again(self)


def missing(cache: Path = CACHE) -> str | None:
    """Say in one sentence what this machine lacks, or None; fetches the jars and compiles where that is still to do."""
    try:
        _prepare(cache)
    except MissingError as error:
        return str(error)
    return None


@contextlib.contextmanager
def running_nodes(count: int = 1, *, port: int = 0, cache: Path = CACHE) -> Iterator[list[Node]]:
    """Run one node, or several as one cluster whose first node is the master, until the block ends.

    With a replica of each index, searches survive the death of either of two nodes. After the first, the master, only
    reads are left; where writes must go on too, take three. `port` is the first node's, 0 for any free one.
    """
    java, jars, classes = _prepare(cache)
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="elasticsearch-")))
        account = _account()
        if account:
            # The cache may lie where only root can read.
            jars = shutil.copytree(jars, home / "jars")
            classes = shutil.copytree(classes, home / "classes")
            os.chown(home, account.pw_uid, account.pw_gid)
        heap = "1g" if count == 1 else "512m"
        command = [str(java), *JVM, f"-Xmx{heap}", "-cp", f"{classes}:{jars}/*", "org.elasticsearch.node.TestNode"]
        nodes: list[Node] = []
        for number in range(count):
            settings = SETTINGS | _discovery(count, nodes)
            settings |= {"node.name": f"node-{number + 1}", "http.port": str(port and port + number)}
            nodes.append(_start(stack, command, settings, home, account))
        for node in nodes:
            _check(node, count)
        yield nodes


def _prepare(cache: Path) -> tuple[Path, Path, Path]:
    """Return java, the folder of jars and the folder of classes, made where they are not there yet."""
    jdk = _jdk()
    folder = cache.resolve() / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    jars, classes = folder / "jars", folder / "classes"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _fetch(jars)
        compiled = classes / LAUNCHER.relative_to(HERE).with_suffix(".class")
        if not compiled.exists() or compiled.stat().st_mtime < LAUNCHER.stat().st_mtime:
            javac = [str(jdk / "bin/javac"), "-nowarn", "-d", str(classes), "-cp", f"{jars}/*", str(LAUNCHER)]
            subprocess.run(javac, check=True)
    return jdk / "bin/java", jars, classes


def _jdk() -> Path:
    """Prefer $JAVA_HOME, then the oldest that will do, which is the nearest to what Elasticsearch is tested on."""
    homes = [Path(home) for home in [os.environ.get("JAVA_HOME")] if home]
    homes += sorted(Path("/usr/lib/jvm").glob("*"), key=_java_version)
    if javac := shutil.which("javac"):
        homes.append(Path(javac).resolve().parent.parent)
    for home in homes:
        if _java_version(home) >= OLDEST_JAVA and (home / "bin/javac").exists():
            return home
    raise MissingError(f"No JDK {OLDEST_JAVA} or newer is in JAVA_HOME, in /usr/lib/jvm or on the PATH.")


def _java_version(home: Path) -> int:
    """Return 0 where no JDK is."""
    with contextlib.suppress(OSError):
        if found := re.search(r'^JAVA_VERSION="(\d+)', (home / "release").read_text(), re.MULTILINE):
            return int(found[1])
    return 0


def _fetch(jars: Path) -> None:
    maven = shutil.which("mvn")
    if not maven:
        raise MissingError("Maven (mvn), which fetches the Elasticsearch jars, is not on the PATH.")
    # Another name until it is whole: a fetch that was interrupted is begun anew.
    partial = jars.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    command = [maven, "-q", "-B", "-Dstyle.color=never", "-f", str(POM), "dependency:copy-dependencies"]
    done = subprocess.run([*command, f"-DoutputDirectory={partial}"], check=False, capture_output=True, text=True)
    if done.returncode:
        # The first of Maven's errors says what it is; the rest is advice.
        reason = done.stdout.partition("[ERROR] ")[2].partition("\n")[0].partition(" -> [Help")[0]
        raise MissingError(f"Maven could not fetch the Elasticsearch jars: {reason or 'it does not say why'}")
    partial.rename(jars)


def _account() -> pwd.struct_passwd | None:
    """Return whom the nodes run as where that is not the caller."""
    return None if os.geteuid() else pwd.getpwnam(UNPRIVILEGED)


def _discovery(count: int, started: list[Node]) -> dict[str, str]:
    if count == 1:
        return {"discovery.type": "single-node"}
    if not started:
        return {"cluster.initial_master_nodes": "node-1", "discovery.seed_hosts": ""}
    return {"discovery.seed_hosts": f"{HOST}:{started[0].transport_port}"}


def _start(
    stack: contextlib.ExitStack,
    command: list[str],
    settings: dict[str, str],
    parent: Path,
    account: pwd.struct_passwd | None,
) -> Node:
    """Start a node that the stack will stop."""
    name = settings["node.name"]
    home = parent / name
    home.mkdir(exist_ok=True)
    if account:
        os.chown(home, account.pw_uid, account.pw_gid)
    log = parent / f"{name}.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            [*command, f"-Epath.home={home}", *(f"-E{key}={value}" for key, value in settings.items())],
            cwd=home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            # Ctrl-C is for the caller, who may still want the node.
            start_new_session=True,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=() if account else None,
        )
    stack.callback(_stop, process)
    ready = _first_line(process).split()
    if not ready:
        lines = [line for line in log.read_text(errors="replace").splitlines() if not line.lstrip().startswith("at ")]
        raise RuntimeError("\n".join([f"{name} ended or was not ready in {START_SECONDS} s. Its log:", *lines[-20:]]))

    def again(node: Node) -> Node:
        ports = {"http.port": str(node.port), "transport.port": str(node.transport_port)}
        return _start(stack, command, settings | ports, parent, account)

    return Node(name, int(ready[1]), int(ready[2]), process, again)


def _first_line(process: subprocess.Popen[str]) -> str:
    """Return what it printed first, or nothing if it ended before, by itself or for its slowness."""
    timer = threading.Timer(START_SECONDS, process.kill)
    timer.start()
    try:
        return cast(IO[str], process.stdout).readline()
    finally:
        timer.cancel()


def _stop(process: subprocess.Popen[str]) -> None:
    # Leaving the block closes the pipes.
    with process:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _check(node: Node, count: int) -> None:
    _get(node, "/")
    health = _get(node, f"/_cluster/health?wait_for_nodes={count}&timeout={START_SECONDS}s")
    if health["number_of_nodes"] != count:
        raise RuntimeError(f"{node.name} is in a cluster of {health['number_of_nodes']} nodes, not {count}")


def _get(node: Node, path: str) -> dict[str, object]:
    # Not urllib, which would send this to a proxy where one is set.
    connection = http.client.HTTPConnection(HOST, node.port, timeout=START_SECONDS + 5)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{node.name} answered {path} with {answer.status}: {body[:500]!r}")
    return dict(json.loads(body))


def main() -> None:
    parser = argparse.ArgumentParser(description="Run an Elasticsearch for tests until Ctrl-C, and print its address.")
    parser.add_argument(
        "--nodes", type=int, choices=(1, 2, 3), default=1, help="how many make the cluster (default: 1)"
    )
    parser.add_argument(
        "--port", type=int, default=0, help="the first node's port, from which the others count on (default: any)"
    )
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"where the jars are kept (default: {CACHE})")
    options = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(0))
    try:
        with running_nodes(options.nodes, port=options.port, cache=options.cache) as nodes:
            for node in nodes:
                print(node.url, flush=True)
            for node in nodes:
                node.process.wait()
            sys.exit("The nodes have ended by themselves.")
    except KeyboardInterrupt:
        pass
    except MissingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
