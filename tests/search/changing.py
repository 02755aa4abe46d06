"""A program for tests: fills a register and changes it, for an indexer that is killed meanwhile.

`python -m tests.search.changing fill 1000` · `python -m tests.search.changing change 1000`, with seconds after each
change where they should last until an indexer has read its words.
"""

import os
import sys
import time
from datetime import UTC, datetime


def main(what: str, count: int, pause: float = 0, parts: float = 1) -> None:
    import django

    django.setup()
    from registry.domain.providers import put_providers
    from registry.domain.records import ProviderRecord
    from search.engines import engine
    from search.indexing import rebuild
    from tests.factories.registry import NOW, REGISTRAR, provider_record

    def put(records: list[ProviderRecord], now: datetime) -> None:
        put_providers(records, actor=REGISTRAR, ground="тест", now=now)

    if what == "fill":
        records = [provider_record(code=None, external_ref=f"r{number}") for number in range(count)]
        for record in records:
            record.code = None
        put(records, NOW)
        rebuild(engine())
        return
    for number in range(count):
        if number and number % (count // int(parts)) == 0:
            sys.stdin.readline()
        put([ProviderRecord(external_ref=f"r{number}", about=f"Змінено {number}")], datetime.now(UTC))
        print(number, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    main(sys.argv[1], int(sys.argv[2]), *map(float, sys.argv[3:]))
