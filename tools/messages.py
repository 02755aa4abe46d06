"""Collect messages, and refuse to finish while one is untranslated: uk by people, en is the message itself."""

import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
IGNORED = (".venv", "var", "tests", "bench", "tools", "node_modules", "build")


def collect() -> None:
    ignore = [part for name in IGNORED for part in ("--ignore", f"{name}/*")]
    command = [sys.executable, "manage.py", "makemessages", "--locale", "uk", "--locale", "en", "--no-location"]
    subprocess.run([*command, "--no-obsolete", *ignore], cwd=ROOT, check=True)


def fill_english(catalogue: polib.POFile) -> None:
    """Repeat the messages in the English catalogue, so that no reader of English falls back to Ukrainian."""
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def missing(catalogue: polib.POFile) -> list[str]:
    return [entry.msgid for entry in (*catalogue.untranslated_entries(), *catalogue.fuzzy_entries())]


def main() -> int:
    collect()
    problems = 0
    for language in ("uk", "en"):
        path = ROOT / "portal" / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path))
        if language == "en":
            fill_english(catalogue)
        for entry in catalogue:
            # what msgmerge remembers of a guess; polib writes some of it in a form that msgmerge does not read back
            entry.previous_msgid = entry.previous_msgctxt = entry.previous_msgid_plural = None
        catalogue.metadata.pop("POT-Creation-Date", None)
        catalogue.save()
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        for message in missing(catalogue):
            print(f"{language}: {message!r}")
            problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
