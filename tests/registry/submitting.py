"""A program for tests: presses the button of one draft many times from several threads, together with others like it.

`python -m tests.registry.submitting APPLICATION VERSION USER KEY` waits for a line, then submits `THREADS` × `TIMES`
times, every other time with the key given and otherwise with a new one, and prints what came of it as JSON.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

THREADS, TIMES = 5, 5


def main(application: str, version: str, user: str, key: str) -> None:
    import django

    django.setup()
    from django.db import connection

    from portal.accounts.models import User
    from registry.domain.applying import submit_application

    person = User.objects.get(pk=user)

    def press(number: int) -> list[str]:
        told = []
        for turn in range(TIMES):
            try:
                submitted = submit_application(
                    application_id=UUID(application),
                    user=person,
                    version=int(version),
                    key=UUID(key) if (number + turn) % 2 else uuid4(),
                    now=datetime.now(UTC),
                )
                told.append(f"{submitted.state} {submitted.number}")
            except Exception as error:
                told.append(f"{type(error).__name__}: {error}")
        connection.close()
        return told

    connection.close()
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(THREADS) as pool:
        print(json.dumps([line for lines in pool.map(press, range(THREADS)) for line in lines]), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    main(*sys.argv[1:])
