"""What every test needs: a clean memory between tests, and the rows of the migrations."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from hypothesis import settings as stories

from portal.accounts.models import User
from portal.accounts.second_factor import mark_passed
from portal.settings import environment
from procurement.domain.seal.keys import make_missing_keys
from registry.queries.index import register_index
from tests import real_transactions, shared_database

# `pytest --hypothesis-profile=long`: see `tests.stories`
stories.register_profile("long", deadline=None)
# no test asserts on the clock: a busy machine is no fault
stories.register_profile("usual", deadline=None)
stories.load_profile("usual")
ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
# how often garbage is looked for: always, and while the migrations make thousands of classes
OFTEN, SELDOM = (20_000, 20, 20), (200_000, 50, 50)
# what waits long for servers, browsers and clocks: whoever comes to it last keeps the other worker idle
LONG = (
    "tests/journeys/",
    "tests/site/test_serve",
    "tests/test_connections",
    "tests/sealing/test_closing_race",
    "tests/search/test_elastic",
    "tests/news/test_killed",
    "test_browser",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files before the other tests with real transactions, which pytest-django has put behind the rest."""

    def place(item: pytest.Item) -> int:
        where = [at for at, part in enumerate(LONG) if part in item.nodeid]
        return where[0] if where else len(LONG)

    first = next((at for at, item in enumerate(items) if _is_real(item)), 0)
    moved = [item for item in items if _is_real(item) or place(item) < len(LONG)]
    known = set(moved)
    before, after = ([item for item in part if item not in known] for part in (items[:first], items[first:]))
    items[:] = [*before, *sorted(moved, key=place), *after]


def _is_real(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    return bool(marker and marker.kwargs.get("transaction")) or bool({"transactional_db", "live_server"} & {*names})


@pytest.fixture(scope="session")
def turn(request, tmp_path_factory, django_db_modify_db_settings, django_db_blocker) -> shared_database.Turn | None:
    """Wait for the worker that migrates, if there are several; a folder kept between runs has its own database."""
    if not hasattr(request.config, "workerinput") or environment.text("PORTAL_TEST_SCRATCH"):
        return None
    with django_db_blocker.unblock():
        return shared_database.take_turn(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session")
def django_db_keepdb(request, turn) -> bool:
    return bool(turn and turn.copied) or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def django_db_createdb(request, turn) -> bool:
    return not (turn and turn.copied) and request.config.getvalue("create_db")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """Let the migrations pass with few searches for garbage: never would be quicker and take two gigabytes."""
    gc.set_threshold(*SELDOM)


@pytest.fixture(scope="session")
def django_db_setup(turn, django_db_setup, django_db_blocker) -> None:
    """Remember what the migrations wrote, for the tests that follow one with real transactions."""
    gc.set_threshold(*OFTEN)
    gc.collect()
    # modules, models and the collected tests stay to the end: nobody looks through them again
    gc.freeze()
    with django_db_blocker.unblock():
        if turn:
            turn.end()
        real_transactions.remember()


@pytest.fixture(scope="session", autouse=True)
def keys_of_this_machine() -> None:
    """Make the keys without which nothing is announced and no proposal begun."""
    make_missing_keys()


@pytest.fixture(autouse=True)
def forget_between_tests() -> Iterator[None]:
    register_index.forget()
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    yield
    register_index.forget()
    cache.clear()


def _pass_second_factor(request, user, **_news) -> None:
    # `force_login` makes a session out of no request; whoever comes by the page of sign-in has to give a code
    if "SERVER_NAME" not in request.META:
        mark_passed(request, user)


@pytest.fixture(autouse=True)
def officials_have_passed_the_second_factor() -> Iterator[None]:
    """Let sessions that a test makes by `force_login` count as made with a second factor."""
    user_logged_in.connect(_pass_second_factor)
    yield
    user_logged_in.disconnect(_pass_second_factor)


@pytest.fixture
def sign_in(db) -> Callable[[User], Client]:
    """Return a function that gives the browser of a person who has signed in."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data that is not committed, or skip with the reason."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data of ../shared/data are not beside this checkout")
    return SHARED_DATA
