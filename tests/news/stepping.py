"""A process of its own that takes a step or sends letters, and can be killed at a known place.

`python -m tests.news.stepping extend <competition>` has written everything when it says "written" and commits on a line
of input; `… send` has handed the letter to the mail server when it says "sending" and marks it sent on a line of input.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail.backends.filebased import EmailBackend  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.kernel.outbox import deliver  # noqa: E402
from procurement.models import Competition  # noqa: E402
from tests.news.announcing import extend  # noqa: E402


def say_and_wait(word: str) -> None:
    print(word, flush=True)
    sys.stdin.readline()


class WaitingBackend(EmailBackend):
    """Says that it is about to send, and sends when it is told to."""

    def send_messages(self, messages):
        say_and_wait("sending")
        return super().send_messages(messages)


def main(act: str, *arguments: str) -> None:
    if act == "extend":
        with transaction.atomic():
            extend(Competition.objects.get(pk=int(arguments[0])))
            say_and_wait("written")
        return
    folder, waits = arguments
    settings.EMAIL_FILE_PATH = folder
    settings.EMAIL_BACKEND = (
        "tests.news.stepping.WaitingBackend" if waits == "waits" else "django.core.mail.backends.filebased.EmailBackend"
    )
    # the one that was killed held its message for some minutes
    later = timedelta(minutes=0 if waits == "waits" else 10)
    while deliver(timezone.now() + later).sent:
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
