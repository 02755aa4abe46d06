"""The same data by the standards of others, and the objects of the feed of changes as a reader of it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from django.utils import timezone

from portal.site.models import FeedHead
from portal.site.opendata import feed, hsds, ocds, threesixty
from portal.site.opendata.files import Output, Stream
from portal.site.opendata.objects import KINDS, objects_of
from portal.site.opendata.reading import cursor_at
from portal.site.opendata.state import State, one_reading, read_state, writers_wait
from portal.site.opendata.touched import read_heads

# somebody may change something between the feed's last step and the reading; then both begin anew
_ATTEMPTS: Final = 50
Tell = Callable[[str], object]


class FeedLagsError(RuntimeError):
    """Writers were so busy that the feed never stood where the data stood."""


class _Text:
    """A file that takes text."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def write(self, text: str, /) -> None:
        self._stream.write(text.encode())


@contextmanager
def reading_with_feed() -> Iterator[State]:
    """Read everything inside as of one moment at which the feed has all that was changed; raises `FeedLagsError`."""
    feed.reconcile(timezone.now())
    with ExitStack() as reading:
        for _attempt in range(_ATTEMPTS):
            # most of it before anybody waits
            feed.catch_up(timezone.now())
            with writers_wait():
                feed.catch_up(timezone.now())
                reading.enter_context(one_reading())
                if _stands():
                    break
            reading.close()
        else:
            raise FeedLagsError
        yield read_state()


def _stands() -> bool:
    """Compare feed and data: the first look, from which on the reading sees nothing newer."""
    head, heads = FeedHead.objects.filter(pk=1).first(), read_heads()
    return head is not None and (head.revision, head.log_seq) >= (heads.revision, heads.log_seq)


def where_the_feed_stands() -> dict[str, Any]:
    """Return the cursor at which a reader of the feed has what the snapshot has, and its position in plain."""
    head = FeedHead.objects.get(pk=1)
    return {"cursor": cursor_at(head, head.position), "position": head.position}


def write_standards(output: Output, state: State, tell: Tell) -> None:
    """Write the objects, then the packages of OCDS, 360Giving and HSDS."""
    for name, kind in KINDS.items():
        tell(f"objects/{name}")
        told = (one for _key, one in objects_of(kind, kind.keys(), today=state.today))
        output.put_lines(f"objects/{name}.jsonl", told)
    for file, write in (("ocds/releases.json", ocds.write_releases), ("ocds/records.json", ocds.write_records)):
        tell(file)
        with output.stream(file) as stream:
            write(_Text(stream), today=state.today)
    tell("360giving.json")
    output.put_json("360giving.json", threesixty.package(today=state.today))
    tell("hsds/services.json")
    output.put_list("hsds/services.json", hsds.services(today=state.today))
