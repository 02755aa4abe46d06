import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import CommandParser
from django.db import close_old_connections
from django.utils import timezone

from portal.kernel.commands import KeepsOn
from portal.kernel.outbox import deliver
from portal.kernel.signals import worker_round

ROUND_SECONDS = 60
log = logging.getLogger(__name__)


class Command(KeepsOn):
    help = "Deliver what the outbox holds, until told to stop (SIGTERM, Ctrl-C) or once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now and stop")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks into the outbox")

    def handle(self, *args: Any, once: bool, interval: float, **options: Any) -> None:
        if once:
            self._go_round()
            self._deliver()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        next_round = time.monotonic()
        while not stop.is_set():
            close_old_connections()
            if time.monotonic() >= next_round:
                self._go_round()
                next_round = time.monotonic() + ROUND_SECONDS
            self._deliver()
            stop.wait(interval)

    def _go_round(self) -> None:
        """Let others look whether they missed something; what fails there stops no message."""
        for _receiver, answer in worker_round.send_robust(sender=type(self), now=timezone.now()):
            if isinstance(answer, Exception):
                log.error("a round of the worker failed", exc_info=answer)

    def _deliver(self) -> None:
        done = deliver(timezone.now())
        if done.sent or done.failed:
            self.stdout.write(f"sent {done.sent}, failed {done.failed}")
