"""Pages of an index in parts: the same things at the same places as in one list, however far on."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from search.engines.embedded_merging import NEAR, Window, merged, whole, windows


def parts_of(keys, many, chance, *, descending):
    """Divide documents as a rebuild does, by chance, each part in order; what is alike stays in the order of parts."""
    parts = [[] for _part in range(many)]
    for number, key in enumerate(keys):
        parts[chance.randrange(many)].append((key, number))
    return [sorted(part, key=lambda one: one[0], reverse=descending) for part in parts]


def page_of(parts, asked, offset, limit, *, descending):
    found = [part[window.start : window.start + window.length] for part, window in zip(parts, asked, strict=True)]
    return merged(found, asked, offset, limit, descending=descending)


def wanted_of(parts, offset, limit, *, descending):
    rows = [(number, *one) for number, part in enumerate(parts) for one in part]
    return sorted(rows, key=lambda row: row[1], reverse=descending)[offset : offset + limit]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    keys=some.lists(some.integers(0, 30) | some.integers(), max_size=60),
    many=some.integers(1, 3),
    starts=some.lists(some.integers(0, 20), min_size=3, max_size=3),
    lengths=some.lists(some.integers(1, 40), min_size=3, max_size=3),
    offset=some.integers(0, 60),
    limit=some.integers(0, 20),
    descending=some.booleans(),
    chance=some.randoms(use_true_random=False),
)
def test_what_windows_tell_is_the_page_whatever_they_are(
    keys, many, starts, lengths, offset, limit, descending, chance
):
    parts = parts_of(keys, many, chance, descending=descending)
    asked = [Window(*one) for one in zip(starts, lengths, strict=True)][:many]

    page = page_of(parts, asked, offset, limit, descending=descending)

    assert page is None or page == wanted_of(parts, offset, limit, descending=descending)


@pytest.mark.parametrize("many", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 40, NEAR, 5_000])
@pytest.mark.parametrize("alike", [1, 7, 10_000])
def test_every_page_of_documents_divided_by_chance_is_told(count, many, alike):
    chance = Random(count * 10 + many)
    parts = parts_of([chance.randrange(alike) for _one in range(count)], many, chance, descending=True)
    sizes = [len(part) for part in parts]
    missed = 0
    for offset in range(0, count + 60, 20):
        wanted = wanted_of(parts, offset, 20, descending=True)
        page = page_of(parts, windows(offset, 20, sizes), offset, 20, descending=True)
        missed += page is None
        assert page in (None, wanted)
        assert page_of(parts, whole(offset, 20, sizes), offset, 20, descending=True) == wanted

    # where documents differ, or there is one part, it seldom takes reading all that stands before, or never
    assert (many > 1 and alike < 10_000) or missed <= (many > 1) * 5


def test_far_page_reads_little_of_what_stands_before():
    assert sum(window.length for window in windows(9_980, 20, [50_000, 50_000])) < 2_100
