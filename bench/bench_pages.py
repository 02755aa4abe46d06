"""Measure the public pages over a large invented register; exit code 1 when a promised limit is broken.

What is measured is the whole request: middleware, view, database (SQLite runs inside the process), template. CPU time
holds on a busy machine, too; the clock does not. Every request of a series has an address of its own, so no cache of
whole pages can answer instead.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
MOST_QUERIES, MOST_CPU_MS = 12, 30
# promised of every page, warm
MOST_ANSWER_MS = 100
MEGABYTE = 1024 * 1024


@dataclass
class Page:
    name: str
    addresses: list[str]
    is_promised: bool


@dataclass
class Result:
    queries: int
    cpu_ms: list[float]
    kilobytes: float

    @property
    def median(self) -> float:
        return median(self.cpu_ms)

    @property
    def p95(self) -> float:
        return quantiles(self.cpu_ms, n=20)[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--providers", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200, help="of each page")
    parser.add_argument("--no-server", action="store_true", help="leave cold start and memory of `serve` out")
    parser.add_argument("--profile", metavar="PAGE", help="print where the time of one page goes instead")
    options = parser.parse_args()
    set_up(options.providers)
    if options.profile:
        profile(options.profile, options.requests)
        return 0
    print_index()
    broken = print_pages([*make_pages(options.requests), *pages_of_the_place(options.requests)])
    if not options.no_server:
        print_server()
    for line in broken:
        print(f"✗ {line}", file=sys.stderr)
    return 1 if broken else 0


def set_up(providers: int) -> None:
    """Use the scratch register of this size, made on first use."""
    os.environ["PORTAL_VAR"] = str(ROOT / "build" / f"bench-{providers}")
    os.environ["PORTAL_DEMO_PROVIDERS"] = str(providers)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare")


def make_pages(count: int) -> list[Page]:
    from registry.models import RegisterEntry, ServiceType, Territory, VulnerableGroup

    rng = Random(7)
    open_entries = RegisterEntry.objects.open().filter(standing="included")
    numbers = list(
        open_entries.order_by("number").values_list("number", flat=True)[:: max(1, open_entries.count() // 5_000)]
    )
    oblasts = list(Territory.objects.oblasts().exclude(name="Автономна Республіка Крим").values_list("code", flat=True))
    hromadas = list(
        open_entries.exclude(hromada=None).order_by("hromada__code").values_list("hromada__code", flat=True).distinct()
    )
    services = list(ServiceType.objects.values_list("slug", flat=True))
    groups = list(VulnerableGroup.objects.values_list("slug", flat=True))
    texts = [
        "догляд",
        "центр соціальних послуг",
        "турбота",
        "Полтавська",
        "притулок",
        "фонд світло",
        "психолог",
        "діти",
    ]
    deepest = max(open_entries.count() // 20 - 1, 1)

    def listed(make: Callable[[], dict[str, object]]) -> list[str]:
        return [f"/registry/?{urlencode(make() | {'x': index}, doseq=True)}" for index in range(count)]

    def choose(bank: list[str]) -> str:
        return rng.choice(bank)

    return [
        Page("register list", listed(lambda: {"page": rng.randint(1, 40)}), is_promised=True),
        Page("list, text", listed(lambda: {"q": choose(texts)}), is_promised=True),
        Page("list, oblast", listed(lambda: {"oblast": choose(oblasts)}), is_promised=True),
        Page("list, hromada", listed(lambda: {"hromada": choose(hromadas)}), is_promised=True),
        Page(
            "list, service + group",
            listed(lambda: {"service": choose(services), "group": choose(groups)}),
            is_promised=True,
        ),
        Page(
            "list, everything",
            listed(
                lambda: {
                    "q": choose(texts),
                    "oblast": choose(oblasts),
                    "service": rng.sample(services, 2),
                    "ownership": "communal",
                    "sort": "newest",
                }
            ),
            is_promised=True,
        ),
        Page("list, deep page", listed(lambda: {"page": rng.randint(deepest // 2, deepest)}), is_promised=True),
        Page("card", [f"/registry/{choose(numbers)}/?x={index}" for index in range(count)], is_promised=True),
        Page(
            "history", [f"/registry/{choose(numbers)}/history/?x={index}" for index in range(count)], is_promised=False
        ),
        Page("service page", [f"/services/{choose(services)}/?x={index}" for index in range(count)], is_promised=False),
        Page(
            "hromada page", [f"/territories/{choose(hromadas)}/?x={index}" for index in range(count)], is_promised=False
        ),
        Page("home", [f"/?x={index}" for index in range(count)], is_promised=False),
        Page("home, English", [f"/en/?x={index}" for index in range(count)], is_promised=False),
    ]


def pages_of_the_place(count: int) -> list[Page]:
    """Return the pages that people meet first, besides the register's own."""
    from portal.site.models import GuidePage
    from procurement.models import Competition
    from procurement.queries.contracts.public import public_contracts
    from registry.models import Territory

    rng = Random(8)
    guides = [guide.url for guide in GuidePage.objects.live()]
    competitions = list(Competition.objects.public().values_list("number", flat=True))
    contracts = list(public_contracts().values_list("number", flat=True))
    hromadas = list(Territory.objects.hromadas().values_list("code", flat=True))
    words = ["догляд вдома", "притулок", "психолог", "сурдоперекладач", "дитина з інвалідністю"]
    addresses: dict[str, Callable[[], str]] = {
        "search": lambda: f"/search/?q={rng.choice(words)}&x=",
        "guide": lambda: f"{rng.choice(guides)}?x=",
        "competition": lambda: f"/competitions/{rng.choice(competitions)}/?x=",
        "contract": lambda: f"/contracts/{rng.choice(contracts)}/?x=",
        "map": lambda: "/map/?x=",
        "map, one service": lambda: "/map/?service=home-care&x=",
        "map, a hromada": lambda: f"/map/{rng.choice(hromadas)}/?x=",
        "figures": lambda: "/figures/?x=",
        "entitlement": lambda: "/entitlement/?x=",
        "open data": lambda: "/open-data/?x=",
        "sitemap of providers": lambda: "/sitemap-providers.xml?x=",
    }
    return [
        Page(name, [f"{make()}{index}" for index in range(count)], is_promised=False)
        for name, make in addresses.items()
    ]


def requester() -> Callable[[str], bytes]:
    """Return a function that asks the portal as a web server does."""
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    application, factory = get_wsgi_application(), RequestFactory(SERVER_NAME="127.0.0.1")

    def ask(address: str) -> bytes:
        status: list[str] = []
        response = application(factory.get(address).environ, lambda told, _headers: status.append(told))
        body = b"".join(response)
        response.close()
        if not status[0].startswith("200"):
            raise SystemExit(f"{address}: {status[0]}")
        return body

    return ask


def measure(page: Page, ask: Callable[[str], bytes]) -> Result:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask(page.addresses[0])
    most = 0
    for address in page.addresses[:5]:
        with CaptureQueriesContext(connection) as queries:
            body = ask(address)
        most = max(most, len(queries))
    spent = []
    for address in page.addresses:
        before = time.process_time()
        body = ask(address)
        spent.append((time.process_time() - before) * 1000)
    return Result(most, spent, len(body) / 1024)


def print_pages(pages: list[Page]) -> list[str]:
    ask = requester()
    broken = []
    print(f"\n{'page':<24}{'queries':>8}{'median':>9}{'p95':>8}  CPU ms of {len(pages[0].addresses)} requests; KB")
    for page in pages:
        result = measure(page, ask)
        print(
            f"{page.name:<24}{result.queries:>8}{result.median:>9.1f}{result.p95:>8.1f}{result.kilobytes:>8.0f}",
            flush=True,
        )
        if page.is_promised and (result.queries > MOST_QUERIES or result.median > MOST_CPU_MS):
            found = f"{result.queries} queries, {result.median:.1f} ms"
            broken.append(f"{page.name}: {found}; promised are {MOST_QUERIES} and {MOST_CPU_MS}")
        elif result.median > MOST_ANSWER_MS:
            broken.append(f"{page.name}: {result.median:.1f} ms; promised of every page are {MOST_ANSWER_MS}")
    print(f"memory of this process: {resident(os.getpid()) / MEGABYTE:.0f} MB")
    return broken


def print_index() -> None:
    from registry.queries.index import register_index

    before = resident(os.getpid())
    began = time.process_time()
    register_index.refresh()
    spent = time.process_time() - began
    grown = (resident(os.getpid()) - before) / MEGABYTE
    print(f"index of {len(register_index.everything)} open entries: {spent:.1f} s of CPU to load, {grown:.0f} MB")


def print_server() -> None:
    """Start `serve` as `make run` does and say how soon it answers and how much memory it takes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout or ():
            if str(port) in line:
                break
        started = time.monotonic() - began
        began = time.monotonic()
        for path in ("/registry/", "/", f"/registry/?{urlencode({'q': 'догляд'})}"):
            urlopen(f"http://127.0.0.1:{port}{path}").read()
        first = time.monotonic() - began
        print(f"serve: answers after {started:.1f} s, the first three pages take {first:.1f} s (the index is loaded)")
        for pid, name in family(server.pid):
            print(f"  {resident(pid) / MEGABYTE:>5.0f} MB  {name}")
    finally:
        server.terminate()
        server.wait(20)


def family(pid: int) -> Iterator[tuple[int, str]]:
    """Yield the processes under this one, by number and what they run."""
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\x00")
    yield (
        pid,
        " ".join(Path(word).name for word in words if word.endswith(("granian", "manage.py", "serve", "run_worker"))),
    )
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def profile(name: str, count: int) -> None:
    import cProfile
    import pstats

    page = next(page for page in make_pages(count) if page.name == name)
    ask = requester()
    ask(page.addresses[0])
    profiler = cProfile.Profile()
    profiler.enable()
    for address in page.addresses:
        ask(address)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    sys.exit(main())
