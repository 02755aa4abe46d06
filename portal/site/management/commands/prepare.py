import hashlib
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.roles import ensure_roles
from portal.kernel.reference import load_norms
from portal.site.bootstrap import make_site
from portal.site.management.commands.make_accounts import address
from portal.site.moderation import make_moderation
from portal.site.shipped import CONTENT, put_content
from procurement.domain.demo.material import competitions
from procurement.domain.demo.writing import has_demo, write_demo
from procurement.domain.reference import load_procurement
from procurement.domain.seal.keys import make_missing_keys
from registry.domain.demo import state
from registry.domain.demo.writing import generate
from registry.domain.institutions import put_institutions
from registry.domain.reference import load_reference
from registry.models import ReferenceLoad
from search.domain.synonyms import load_synonyms
from search.engines import engine, is_on
from search.engines.interface import EngineAway
from search.indexing import Health, ensure, health, register_revision
from search.sources import count_entries

DEMO_SEED = 1
_OF_PROCUREMENT = ("procurement/reference/forms", "procurement/reference/rubrics")
FAST = 0.05


@dataclass(frozen=True)
class Step:
    """One thing to have ready; done again only when what it is made from has changed."""

    name: str
    title: str | Promise
    made_from: Callable[[], str]
    do: Callable[[], object]


class Command(BaseCommand):
    help = "Make everything ready to serve: database, reference data, pages, accounts, providers, static files."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        done = [step for step in self._steps() if self._take(step)]
        words = (
            _("Everything is ready, %(seconds).1f s.")
            if done
            else _("Nothing has changed, all is ready: %(seconds).1f s.")
        )
        self.stdout.write(words % {"seconds": time.monotonic() - began})

    def _steps(self) -> list[Step]:
        return [
            Step("migrate", gettext_lazy("Bringing the database up to date"), migrations_digest, migrate),
            Step("keys", gettext_lazy("Making the keys of this machine"), missing_keys, make_missing_keys),
            Step("reference", gettext_lazy("Loading territories, services and norms"), reference_digest, load_tables),
            Step("roles", gettext_lazy("Setting up roles"), lambda: code_digest("portal.accounts.roles"), ensure_roles),
            Step(
                "site", gettext_lazy("Making the front pages"), lambda: code_digest("portal.site.bootstrap"), make_site
            ),
            Step("content", gettext_lazy("Writing guides, news and texts"), content_digest, make_content),
            Step("institutions", gettext_lazy("Entering real institutions"), institutions_digest, put_institutions),
            Step("demo", gettext_lazy("Inventing demonstration providers"), demo_digest, self._generate),
            Step("search", gettext_lazy("Building the index of the search"), search_due, self._index),
            Step("accounts", gettext_lazy("Making demonstration accounts"), accounts_digest, make_accounts),
            Step("orders", gettext_lazy("Inventing demonstration competitions"), orders_due, self._tell_orders),
            Step("static", gettext_lazy("Collecting static files"), static_digest, collect_static),
        ]

    def _take(self, step: Step) -> bool:
        """Do the step unless it was done from the same material; say what was done and how long it took."""
        digest = step.made_from()
        if not digest or _remembered(step.name) == digest:
            return False
        began = time.monotonic()
        self.stdout.write(f"· {step.title} … ", ending="")
        self.stdout.flush()
        step.do()
        # what a step has made may be part of what it is made from
        ReferenceLoad.objects.update_or_create(name=f"prepare:{step.name}", defaults={"digest": step.made_from()})
        self.stdout.write(_("%(seconds).1f s") % {"seconds": time.monotonic() - began})
        return True

    def _generate(self) -> None:
        count = settings.PORTAL_DEMO_PROVIDERS
        with tqdm(total=count, unit="", leave=False, disable=not sys.stderr.isatty()) as bar:
            generate(count, seed=DEMO_SEED, now=timezone.now(), progress=bar.update)

    def _tell_orders(self) -> None:
        official = User.objects.get(email=address(Role.COMMISSIONER))
        with tqdm(total=len(competitions()), unit="", leave=False, disable=not sys.stderr.isatty()) as bar:
            write_demo(user=official, now=timezone.now(), progress=bar.update)

    def _index(self) -> None:
        with tqdm(total=count_entries(), unit="", leave=False, disable=not sys.stderr.isatty()) as bar:
            ensure(engine(), timezone.now(), progress=bar.update)


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def load_tables() -> None:
    load_reference()
    load_norms()
    load_procurement()
    load_synonyms()


def make_content() -> None:
    put_content()
    make_moderation()
    # what editors search in the desk; an installation from before that search has pages that are in no index
    call_command("wagtail_update_index", verbosity=0, stdout=StringIO())


def make_accounts() -> None:
    call_command("make_accounts", stdout=StringIO())


def collect_static() -> None:
    call_command("collectstatic", verbosity=0, interactive=False)


# --- what the steps are made from ----------------------------------------------------------------------------------


def migrations_digest() -> str:
    folders = [Path(config.path, "migrations") for config in apps.get_app_configs()]
    return _digest(path for folder in folders for path in folder.glob("[0-9]*.py"))


def missing_keys() -> str:
    """Return nothing where keys are not made unasked, or all are there; a lost one is told by the system checks."""
    files = (settings.SEALING_KEY_FILE, settings.DRAFT_KEY_FILE)
    if not settings.PORTAL_MAKES_KEYS or all(Path(file).exists() for file in files):
        return ""
    return f"missing {time.time()}"


def reference_digest() -> str:
    shipped = ("registry/reference", "portal/kernel/reference", "procurement/reference")
    tables = [settings.ROOT / folder for folder in (*shipped, *_OF_PROCUREMENT)]
    code = (
        "procurement/domain/reference.py",
        "registry/domain/reference.py",
        "portal/kernel/reference/__init__.py",
        "search/domain/synonyms.py",
        "search/reference/synonyms.csv",
    )
    return _digest(
        [*(path for folder in tables for path in folder.glob("*.*")), *(settings.ROOT / one for one in code)]
    )


def content_digest() -> str:
    code = (_source("portal.site.shipped"), _source("portal.site.moderation"))
    return _digest([*CONTENT.glob("*/*.json"), *code])


def institutions_digest() -> str:
    return _digest([settings.ROOT / "registry/reference/institutions.json", _source("registry.domain.institutions")])


def demo_digest() -> str:
    """Return nothing where no demonstration is wanted, is there already, or was told to go."""
    known = state.read()
    if not settings.PORTAL_DEMO_PROVIDERS or known.was_removed or known.is_being_removed:
        return ""
    return f"{known.seed or DEMO_SEED}:{max(known.count, settings.PORTAL_DEMO_PROVIDERS if not known.count else 0)}"


def search_due() -> str:
    """Return nothing where there is no search, its engine is away, or its index is what it should be."""
    if not is_on():
        return ""
    try:
        state = engine().state()
        if state and health(state) is Health.OK and state.revision == register_revision()[0]:
            return ""
    except EngineAway:
        return ""
    return f"due {time.time()}"


def accounts_digest() -> str:
    if not settings.PORTAL_DEMO_ACCOUNTS:
        return ""
    kept = (settings.VAR / name for name in ("demo_password", "demo_second_factor"))
    return _digest([_source("portal.site.management.commands.make_accounts"), *kept])


def orders_due() -> str:
    """Return nothing where no demonstration is wanted, or is there; it needs invented providers and an official."""
    known = state.read()
    if not (settings.PORTAL_DEMO_ACCOUNTS and known.count) or known.was_removed or known.is_being_removed or has_demo():
        return ""
    return "wanted"


def static_digest() -> str:
    if not settings.STATIC_ROOT.is_dir():
        return f"missing {time.time()}"
    found = (Path(storage.path(name)) for finder in finders.get_finders() for name, storage in finder.list([]))
    return _digest(found, by_content=False)


def code_digest(module: str) -> str:
    return _digest([_source(module)])


def _source(module: str) -> Path:
    return settings.ROOT / f"{module.replace('.', '/')}.py"


def _digest(paths: Iterable[Path], *, by_content: bool = True) -> str:
    """Return a digest of the files' names with their contents, or with sizes and times where there are many."""
    together = hashlib.sha256()
    for path in sorted(paths):
        together.update(str(path).encode())
        if not path.exists():
            continue
        about = path.stat()
        together.update(path.read_bytes() if by_content else f"{about.st_size} {about.st_mtime_ns}".encode())
    return together.hexdigest()


def _remembered(name: str) -> str | None:
    try:
        if "registry_referenceload" not in connection.introspection.table_names():
            return None
        return ReferenceLoad.objects.filter(name=f"prepare:{name}").values_list("digest", flat=True).first()
    except DatabaseError:
        return None
