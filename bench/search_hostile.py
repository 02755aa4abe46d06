"""Ask the search thousands of questions that nobody sane asks."""

from __future__ import annotations

import gc
import time

from search_asking import FACETS, QUERIES


def hostile_bench(engine, lexicon, count):
    """Ask what nobody sane asks; return the slowest answer in milliseconds. An error ends the bench."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    from search.answering import Question, answer

    letters = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъё'’ʼ-\u0301\u00ad\u200b "
    known = [text for group in QUERIES.values() for text in group]
    strange = st.one_of(
        st.text(max_size=400),
        st.text(letters, max_size=400),
        st.text("[]{}()\"'*?~^:/\\+-!&|<>=@#$%,.;_ ANDORNOTtoand", max_size=200),
        st.lists(st.sampled_from(known), max_size=30).map(" ".join),
        st.tuples(st.sampled_from(known), st.integers(1, 5_000)).map(lambda pair: pair[0] * pair[1]),
        st.from_regex(r"[\u0590-\u06ff\U0001F300-\U0001FAFFa-zа-я ]{0,80}", fullmatch=True),
        st.text(st.characters(codec=None), max_size=200),
        st.integers(1, 100_000).map(lambda size: "ъ" * size),
    )
    slowest = (0.0, "")

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(strange)
    def ask(text):
        nonlocal slowest
        # what the one who invents the questions remembers of each is walked over between them, not within one
        gc.disable()
        began = time.perf_counter()
        answer(Question(text[:200]), engine=engine, lexicon=lexicon, counted=FACETS)
        slowest = max(slowest, ((time.perf_counter() - began) * 1000, text[:60]))
        gc.enable()

    # a walk over all that this process holds, a million words among it, would be counted as somebody's answer
    gc.collect()
    gc.freeze()
    ask()
    print(f"{count:,} hostile questions: no error, the slowest {slowest[0]:.0f} ms ({slowest[1]!r})")
    return slowest[0]
