"""Taste, guarded: names, sizes, languages, documents."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import allauth
import polib
import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from registry.workflow import ENTRY

ROOT = Path(__file__).resolve().parents[1]
OURS = ("portal", "registry", "procurement", "search")
LANGUAGES = ("uk", "en")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "portal" / "locale" / language / "LC_MESSAGES" / "django.po"))


def key(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def test_no_module_is_a_drawer():
    barred = {"utils", "helpers", "common", "misc"}

    assert [str(path) for path in tracked("*.py") if path.stem in barred or barred & set(path.parts)] == []


def test_identifiers_are_latin():
    cyrillic = re.compile(r"^\s*(def|class)\s+\w*[а-яіїєґ]", re.IGNORECASE | re.MULTILINE)

    assert [str(path) for path in tracked("*.py") if cyrillic.search(path.read_text())] == []


def test_system_checks_find_nothing():
    call_command("check", fail_level="WARNING")


def test_every_transition_has_clause_and_permission():
    assert [step.name for step in ENTRY if not (step.clause and step.permission)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_is_complete(language):
    entries = catalogue(language)

    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_present_one(language):
    entries = catalogue(language)
    compiled = polib.mofile(str(ROOT / "portal" / "locale" / language / "LC_MESSAGES" / "django.mo"))
    told = {key(entry): (entry.msgstr, entry.msgstr_plural) for entry in compiled}

    assert [entry.msgid for entry in entries if told.get(key(entry)) != (entry.msgstr, entry.msgstr_plural)] == []


def test_catalogues_have_every_message_of_the_code(tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("gettext is not installed")
    for path in tracked("*.py", "*.html", "*.txt"):
        if path.relative_to(ROOT).parts[0] in {*OURS, "templates"}:
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    (tmp_path / "portal" / "locale" / "xx").mkdir(parents=True)
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "xx", "--no-location", "--no-wrap"]
    subprocess.run(
        command,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "PORTAL_VAR": str(tmp_path / "var"),
        },
    )
    wanted = {key(entry) for entry in polib.pofile(str(tmp_path / "portal/locale/xx/LC_MESSAGES/django.po"))}

    for language in LANGUAGES:
        assert sorted(wanted - {key(entry) for entry in catalogue(language)}) == []


def test_placeholders_survive_translation():
    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    wrong = []
    for entry in catalogue("uk"):
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = set(placeholder.findall(entry.msgid_plural or entry.msgid))
        wrong += [entry.msgid for text in texts if set(placeholder.findall(text)) - wanted]
        if not entry.msgid_plural:
            wrong += [entry.msgid for text in texts if wanted - set(placeholder.findall(text))]

    assert wrong == []


def test_every_template_is_used():
    sources = "\n".join(path.read_text() for path in tracked("*.py", "*.html") if "tests" not in path.parts)
    own = [path.relative_to(ROOT / "templates") for path in tracked("templates/*.html", "templates/*.txt")]
    found_by_name = {"400.html", "403.html", "404.html", "429.html", "500.html"}
    # pages of sign-in that stand in place of the library's own
    theirs = Path(allauth.__file__).parent / "templates"

    assert [
        str(path)
        for path in own
        if str(path) not in found_by_name
        and path.parts[0] != "wagtailadmin"
        and str(path) not in sources
        and not (theirs / path).is_file()
    ] == []


def test_templates_have_no_inline_script_or_style():
    inline = re.compile(r"<style\b|\sstyle=\"|\son\w+=\"|<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>")

    # a PDF is printed from one sheet, no browser ever sees it; mail programs know no other style than an inline one;
    # the list of an archive is read from a disk, where no sheet of the portal is
    sheets = {
        ROOT / "templates" / "kernel" / "document.html",
        *tracked("templates/*/email/*.html"),
        *tracked("templates/procurement/*/dossier.html"),
    }

    assert [
        str(path) for path in tracked("templates/*.html") if path not in sheets and inline.search(path.read_text())
    ] == []


def test_readme_names_every_command_and_every_setting_of_the_environment():
    text = "\n".join(path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))))
    ours = [name for name, app in get_commands().items() if str(app).split(".")[0] in OURS]
    variables = set()
    for path in tracked("portal/settings/*.py"):
        variables |= set(re.findall(r"\"(PORTAL_[A-Z_]+)\"", path.read_text()))

    assert sorted(name for name in (*ours, *variables) if name not in text) == []


def test_licence_is_named_where_people_look():
    assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text()
    assert "EUPL-1.2" in (ROOT / "README.md").read_text()


def test_nothing_of_this_machine_is_in_the_tree():
    hosts = re.compile(r"p[y]pi\.org|n[p]mjs\.org|pythonh[o]sted|r[e]po1\.maven|d[e]b\.debian|/(w[o]rk|f[a]rm)/")

    assert [
        str(path)
        for path in tracked()
        if path.suffix in {".py", ".md", ".txt", ".toml", ".sh", ".html", ".json", ".css", ".js", ".in", ""}
        and hosts.search(path.read_text(errors="ignore"))
    ] == []


def test_only_the_environment_module_reads_the_environment():
    readers = [path for path in tracked("*.py") if re.search(r"os\.(environ|getenv)", path.read_text())]
    allowed = {"manage.py", "portal/settings/environment.py", "portal/site/wsgi.py"}

    found = {str(path.relative_to(ROOT)) for path in readers}
    assert {name for name in found - allowed if not name.startswith(("tools/", "bench/", "tests/"))} == set()


def test_settings_ask_for_ukrainian_first():
    assert (settings.LANGUAGE_CODE, [code for code, _ in settings.LANGUAGES]) == ("uk", ["uk", "en"])
