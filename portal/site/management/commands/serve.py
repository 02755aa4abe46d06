import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.site.management.commands.make_accounts import PROVIDER, address, demo_password
from procurement.domain.demo.commissions import MEMBER
from procurement.enums import MemberRole

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 5
LOOK_SECONDS = 0.2


class Command(BaseCommand):
    help = "Serve the portal and empty the outbox until Ctrl-C: granian and the worker as two child processes."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes of the web server")

    def handle(self, *args: Any, port: int, workers: int, **options: Any) -> None:
        refuse_taken_port(port)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_args: stop.set())
        children = start(port, workers)
        try:
            self._serve(children, port, stop)
        finally:
            end(children.values())

    def _serve(self, children: dict[str, subprocess.Popen[bytes]], port: int, stop: threading.Event) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not stop.is_set() and not answers(port):
            refuse_dead_child(children)
            if time.monotonic() > deadline:
                raise CommandError(
                    _("The web server has not answered in %(seconds)d seconds.") % {"seconds": START_SECONDS}
                )
            stop.wait(LOOK_SECONDS)
        if not stop.is_set():
            self._tell(port)
        while not stop.wait(LOOK_SECONDS):
            refuse_dead_child(children)
        self.stdout.write(_("Stopping."))

    def _tell(self, port: int) -> None:
        self.stdout.write("\n" + _("The portal is open at %(address)s") % {"address": f"http://{HOST}:{port}/"})
        if settings.PORTAL_DEMO_ACCOUNTS:
            self.stdout.write(
                _("Desk: %(address)s, password of all accounts: %(password)s")
                % {
                    "address": f"http://{HOST}:{port}/admin/",
                    "password": demo_password(),
                }
            )
            for role in Role:
                self.stdout.write(f"  {role.label:<16} {address(role)}")
            who = _("provider")
            self.stdout.write(f"  {who:<16} {PROVIDER}")
            self.stdout.write(f"  {MemberRole.MEMBER.label:<16} {MEMBER}")
            self.stdout.write(_("The second factor of officials: manage.py second_factor_code E-MAIL"))
        self.stdout.write(_("Ctrl-C stops it.") + "\n")
        self.stdout.flush()


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                words = _("Port %(port)d is taken. Choose another one: make run PORT=%(next)d")
                raise CommandError(words % {"port": port, "next": port + 1}) from error
            raise CommandError(
                _("Port %(port)d cannot be opened: %(reason)s.") % {"port": port, "reason": error}
            ) from error


def start(port: int, workers: int) -> dict[str, subprocess.Popen[bytes]]:
    """Start both children apart from the terminal's group, so that Ctrl-C reaches them through us alone."""
    # one thread a worker: Django keeps a connection per thread, and granian's threads come and go
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "1", "--http", "1", "--no-ws", "--log-level", "warning"]
    web += ["--workers-kill-timeout", "3", "portal.site.wsgi:application"]
    worker = [sys.executable, str(settings.ROOT / "manage.py"), "run_worker"]
    commands = {_("web server"): web, _("worker"): worker}
    return {
        name: subprocess.Popen(command, cwd=settings.ROOT, start_new_session=True)  # noqa: S603 our own
        for name, command in commands.items()
    }


def answers(port: int) -> bool:
    """Say whether the portal answers, pages and database and all."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def refuse_dead_child(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        code = child.poll()
        if code is not None:
            words = _("The %(name)s has stopped by itself (code %(code)d); everything is stopped.")
            raise CommandError(words % {"name": name, "code": code})


def end(children: Any) -> None:
    """Ask the children to stop, and insist after some seconds."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(deadline - time.monotonic(), 0.1))
        # what is left of the group: granian's own workers outlive a granian that was killed
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
