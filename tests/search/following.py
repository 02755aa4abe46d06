"""What tests of the index ask it."""

from pathlib import Path

from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from search.engines.interface import Alternative, Clause, Plan
from tests.factories.registry import NOW, REGISTRAR

ROOT = Path(__file__).resolve().parents[2]


def numbers(engine, kind="provider"):
    return {data["number"] for data in engine.everything() if data.get("kind") == kind}


def titles(engine, kind="page"):
    return {data["title_uk"] for data in engine.everything() if data.get("kind") == kind}


def found(engine, word, kind="provider"):
    plan = Plan(kinds=(kind,), must=(Clause((Alternative((word,)),)),))
    return {hit.data.get("number") for hit in engine.search(plan).hits}


def change(entry, **facts):
    key = {"code": entry.organisation.code}
    put_providers([ProviderRecord(**key, **facts)], actor=REGISTRAR, ground="тест", now=NOW)
