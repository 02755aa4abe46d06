"""The engines of `tests.search.engines`, for every test of the search."""

import pytest
from wagtail.models import Page

from tests.search.engines import documents, elastic, embedded, empty_engine, engine, node, runnable
from tests.search.indexes import live

__all__ = ["documents", "elastic", "embedded", "empty_engine", "engine", "live", "node", "runnable"]


@pytest.fixture
def no_page_of_wagtail(db):
    """Take out the page of welcome that Wagtail's migrations leave behind."""
    Page.objects.filter(depth=2).delete()
