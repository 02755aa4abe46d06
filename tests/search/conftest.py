"""What every test of the search may ask for: engines, registers that are indexed, the desk, the shipped table."""

import pytest
from wagtail.models import Page

from tests.desk.conftest import desk, places
from tests.search.asking import many, world
from tests.search.editing import editor
from tests.search.engines import documents, elastic, embedded, empty_engine, engine, node, runnable
from tests.search.indexes import live
from tests.search.shipping import shipped

__all__ = [
    "desk",
    "documents",
    "editor",
    "elastic",
    "embedded",
    "empty_engine",
    "engine",
    "live",
    "many",
    "node",
    "places",
    "runnable",
    "shipped",
    "world",
]


@pytest.fixture
def no_page_of_wagtail(db):
    """Take out the page of welcome that Wagtail's migrations leave behind."""
    Page.objects.filter(depth=2).delete()
