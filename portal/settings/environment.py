"""The one place where the process environment is read."""

import os
from pathlib import Path
from urllib.parse import unquote, urlparse

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def path(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default)


def database(name: str, default: Path) -> dict:
    """Return Django's description of the database that the URL in `name` points at.

    `postgres://user:password@host:port/name` chooses PostgreSQL; a path or nothing chooses SQLite.
    """
    url = os.environ.get(name, "")
    if url.startswith(("postgres://", "postgresql://")):
        parts = urlparse(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            # granian's threads come and go: connections live in psycopg's pool, not in threads
            "CONN_MAX_AGE": 0,
            # one thread a process, so one connection: a larger pool grows in a burst while connections are given back
            "OPTIONS": {"pool": {"min_size": 1, "max_size": number("PORTAL_CONNECTIONS", 1)}},
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url or str(default),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA foreign_keys=ON;PRAGMA synchronous=FULL;"
                "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-32000;PRAGMA temp_store=MEMORY;"
            ),
        },
    }
