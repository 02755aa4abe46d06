"""The first answers in one order: meeting everything is worth much, being about the same thing brings others up."""

from search.blending import ABOUT, WHOLE, blended
from search.engines.interface import Hit


def hit(name: str, score: float, about: str = "") -> Hit:
    return Hit(name, score, {"about": about})


def same(_token: str) -> float:
    return 1.0


def names(hits: list[Hit]) -> list[str]:
    return [one.id for one in hits]


def test_blended_puts_a_much_better_part_before_a_weak_whole():
    weak, strong = hit("weak", 3.0), hit("strong", 3.0 + WHOLE + 0.1)

    assert names(blended([weak], [strong, weak], same)) == ["strong", "weak"]


def test_blended_puts_the_whole_first_where_the_part_is_little_better():
    weak, strong = hit("weak", 3.0), hit("strong", 3.0 + WHOLE - 0.1)

    assert names(blended([weak], [strong, weak], same)) == ["weak", "strong"]


def test_blended_brings_up_what_is_about_the_same():
    first = hit("first", 9.0, "s:shelter g:homeless-people")
    other, same_group = hit("other", 5.0, "s:shelter"), hit("same", 4.9, "s:shelter g:homeless-people")

    assert names(blended([first, other, same_group], [], same)) == ["first", "same", "other"]


def test_blended_tells_more_by_rare_things():
    first = hit("first", 9.0, "s:common g:rare")
    common, rare = hit("common", 5.0, "s:common"), hit("rare", 5.0 - ABOUT / 10, "g:rare")

    order = blended([first, common, rare], [], lambda token: 1.6 if token == "g:rare" else 0.1)

    assert names(order) == ["first", "rare", "common"]


def test_blended_scores_no_unseen_document_above_the_last_seen():
    """A document the second question left out stands below those it brought up, but for meeting everything."""
    unseen, seen = hit("unseen", 50.0), hit("seen", 8.0)

    assert names(blended([unseen, seen], [seen], same)) == ["seen", "unseen"]


def test_blended_of_nothing_is_nothing():
    assert blended([], [], same) == []
