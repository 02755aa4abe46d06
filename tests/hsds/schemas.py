"""The schemas of HSDS beside this checkout; tests that need them are skipped where they are not."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.conftest import ROOT

STANDARDS = ROOT.parent / "shared" / "standards"
# only a base for the names of the files
_BASE = "http://schema/"


def standards() -> Path:
    if not STANDARDS.is_dir():
        pytest.skip("the schemas of ../shared/standards are not beside this checkout")
    return STANDARDS


@cache
def _objects(name: str) -> Draft202012Validator:
    schema = json.loads((standards() / f"hsds-3.1/compiled/{name}.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@cache
def _answers(name: str) -> Draft202012Validator:
    folder = standards() / "hsds-uk-3.0/schema"
    # nobody names this one, and it names nothing
    files = (path for path in folder.glob("*.json") if path.name not in ("open_api.json", "empy_list_response.json"))
    resources = [
        (f"{_BASE}{path.name}", Resource(json.loads(path.read_text(encoding="utf-8")), DRAFT202012)) for path in files
    ]
    return Draft202012Validator(
        {"$ref": f"{_BASE}{name}.json"},
        registry=Registry().with_resources(resources),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def faults_of_object(name: str, told: dict[str, Any]) -> list[str]:
    """Return what HSDS 3.1 finds wrong with an object (`service`, `organization`, `service_at_location`)."""
    return [f"{error.json_path}: {error.message[:120]}" for error in _objects(name).iter_errors(told)]


def faults_of_answer(name: str, told: dict[str, Any]) -> list[str]:
    """Return what the contract of HSDS-UK 3.0 finds wrong with an answer."""
    return [f"{error.json_path}: {error.message[:120]}" for error in _answers(name).iter_errors(told)]
