"""Reading in advance what the first question would have to wait for: a second or two of words and places."""

from __future__ import annotations

import gc
import logging

from django.db import DatabaseError, connections

from search.engines import is_on
from search.lexicon import lexicon
from search.needs import need_model
from search.suggesting import suggester

log = logging.getLogger(__name__)


def warm() -> None:
    """Make the tables of this process; what fails here fails again, and is told, when somebody asks."""
    if not is_on():
        return
    try:
        suggester(lexicon())
        need_model()
        # a million small objects that stay: no later collection need walk over them, nor copy their pages in a fork
        gc.collect()
        gc.freeze()
    except DatabaseError as error:
        log.warning("the words of the search are not read: %s", error)
    finally:
        connections.close_all()
