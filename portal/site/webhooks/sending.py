"""One request to an address of somebody else: never into our own network, never further than that address.

The name is resolved once, every address that it stands for must lie in the open internet, and the connection goes to
the very address that was judged: a name that means another address a moment later leads nowhere. Redirects are not
followed, and of the answer only the status is read.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

SECONDS: Final = 10
PORTS: Final = (443, 8443)
_LOCAL: Final = ("localhost", "127.0.0.1", "[::1]", "::1")
# version 6 that leads to version 4, wherever that may be
_TUNNELS: Final = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
_LONGEST: Final = 500


class AddressRefused(ValueError):  # noqa: N818 the name says what happened
    """The address is not one that the portal sends to; the message is for its owner."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    milliseconds: int

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004


def judged(url: str) -> SplitResult:
    """Return the parts of an address that may be sent to by its form; raises `AddressRefused`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except (ValueError, UnicodeError) as error:
        raise AddressRefused(_("This is not an address on the web.")) from error
    if not host or len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused(_("This is not an address on the web."))
    if parts.username or parts.password or parts.fragment:
        raise AddressRefused(_("The address must hold no name, no password and no part after “#”."))
    if _is_own(parts):
        return parts
    if parts.scheme != "https":
        raise AddressRefused(_("The address must begin with https://"))
    if (port or 443) not in PORTS:
        raise AddressRefused(_("Only the ports 443 and 8443 are sent to."))
    return parts


def resolved(parts: SplitResult) -> str:
    """Return an address of the host; raises `AddressRefused` where any of them is not in the open internet."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_("The name of the host is not known.")) from error
    addresses = [str(row[4][0]) for row in found]
    if not _is_own(parts) and not all(_is_open(ip_address(one.partition("%")[0])) for one in addresses):
        raise AddressRefused(_("The address leads into a closed network."))
    return addresses[0]


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send and return what was answered; raises `AddressRefused`, `OSError`, `HTTPException`."""
    parts = judged(url)
    address = resolved(parts)
    begun = time.monotonic()
    connection = _connection(parts, address)
    # an answer that comes drop by drop is cut off as well
    watch = threading.Timer(2 * SECONDS, _cut, [connection])
    watch.start()
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        status = connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()
    return Answer(status, int((time.monotonic() - begun) * 1000))


def _is_own(parts: SplitResult) -> bool:
    """Say whether it is this very machine, where that is allowed: while the portal is developed and tested."""
    return bool(settings.WEBHOOKS_TO_LOCALHOST) and parts.scheme == "http" and parts.hostname in _LOCAL


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_open(address.ipv4_mapped)
        if any(address in network for network in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _connection(parts: SplitResult, address: str) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return _Plain(host, address, _port(parts))
    return _Secure(host, address, _port(parts))


class _Plain(http.client.HTTPConnection):
    """Connects to the address that was judged; the host is named in the request alone."""

    def __init__(self, host: str, address: str, port: int) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock: Any = socket.create_connection((self._address, self.port), SECONDS)


class _Secure(_Plain):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()


def _cut(connection: http.client.HTTPConnection) -> None:
    """End the connection under whoever reads from it: closing alone would wait until the answer has been read."""
    held = connection.sock
    if held is not None:
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)
