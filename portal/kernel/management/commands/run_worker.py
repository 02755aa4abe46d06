import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from portal.kernel.outbox import deliver


class Command(BaseCommand):
    help = "Deliver what the outbox holds, until told to stop (SIGTERM, Ctrl-C) or once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now and stop")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between looks into the outbox")

    def handle(self, *args: Any, once: bool, interval: float, **options: Any) -> None:
        if once:
            self._deliver()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            self._deliver()
            stop.wait(interval)

    def _deliver(self) -> None:
        done = deliver(timezone.now())
        if done.sent or done.failed:
            self.stdout.write(f"sent {done.sent}, failed {done.failed}")
