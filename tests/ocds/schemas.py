"""The schemas of OCDS and 360Giving beside this checkout; tests that need them are skipped where they are not."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from portal.site.opendata.ocds.packages import EXTENSIONS
from tests.conftest import ROOT

STANDARDS = ROOT.parent / "shared" / "standards"
_EXTENSION = re.compile(r"/(ocds_\w+_extension)/([\w.]+)/extension\.json$")
_IN_ZIP = "standard-1__1__5/schema/release-schema.json"


def standards() -> Path:
    if not STANDARDS.is_dir():
        pytest.skip("the schemas of ../shared/standards are not beside this checkout")
    return STANDARDS


@cache
def release_schema() -> dict[str, Any]:
    """Return the schema of a release with all the extensions that our packages name laid over it."""
    folder = standards()
    with zipfile.ZipFile(folder / "ocds-standard-1__1__5.zip") as archive:
        schema: dict[str, Any] = json.loads(archive.read(_IN_ZIP))
    for url in EXTENSIONS:
        found = _EXTENSION.search(url)
        assert found, url
        name, edition = found.groups()
        at = folder / "ocds-extensions" / (name if edition == "master" else f"{name}@{edition}")
        _lay(schema, json.loads((at / "release-schema.json").read_text()))
    return schema


def _lay(schema: dict[str, Any], patch: Mapping[str, Any]) -> None:
    """Merge a patch into the schema as RFC 7396 has it."""
    for name, value in patch.items():
        if value is None:
            schema.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(schema.get(name), dict):
            _lay(schema[name], value)
        else:
            schema[name] = value


def release_faults(release: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a release, fields that neither standard nor extension knows among it."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = release_schema()
    found = [f"{one.json_path}: {one.message}" for one in jsonschema.Draft4Validator(schema).iter_errors(release)]
    return [*found, *_unknown(release, schema, schema, "$")]


def _unknown(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], at: str) -> Iterator[str]:
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        schema = whole["definitions"][name]
    if isinstance(value, list):
        for one in value:
            yield from _unknown(one, schema.get("items") or {}, whole, f"{at}[]")
    elif isinstance(value, Mapping) and schema.get("properties"):
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from _unknown(inner, schema["properties"][name], whole, f"{at}.{name}")
            else:
                yield f"{at}.{name}: not known"


def threesixty_faults(package: Mapping[str, Any]) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads((standards() / "360giving" / "360-giving-schema.json").read_text())
    formats = jsonschema.FormatChecker(formats=())
    formats.checks("date-time")(_is_moment)
    found = jsonschema.Draft202012Validator(schema, format_checker=formats)
    return [one.message for grant in package["grants"] for one in found.iter_errors(grant)]


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or ("T" in value and datetime.fromisoformat(value).tzinfo is not None)
