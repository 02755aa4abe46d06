"""The figures of a contract as each public channel tells them: the page, the papers, the table, the archive."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry.templatetags.register import money
from tests.journeys.contracting import Steps
from tests.journeys.joining import pdf_words

Figures = Mapping[str, Decimal]


def joined(text: str) -> str:
    """Leave out every blank, also those that part thousands."""
    return "".join(text.split())


def digits(value: Decimal) -> str:
    """Write a sum as papers have it, without the blanks; some leave the kopiikas out where there are none."""
    return f"{value:.2f}".removesuffix(".00").replace(".", ",")


class Auditor(Steps):
    """Anybody who compares what the portal tells of one contract, without an account."""

    def fetch(self, address: str) -> bytes:
        answer = self.page.request.get(address, timeout=60_000)
        assert answer.ok, address
        return answer.body()

    def open_contract(self, number: str) -> None:
        """Find the contract in the register and open it."""
        self.number = number
        self.page.goto("/contracts/")
        self.go(f"/contracts/{number}/")
        # each act and version is unfolded, as who compares does
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def cells(self, row: str) -> list[str]:
        return [joined(one) for one in self.main.locator(f"{row} td").all_inner_texts()]

    def page_says(self, told: Figures) -> None:
        """Compare the figures in their places and every sum that the page names in a sentence."""
        shown = [joined(one) for one in self.main.locator(".contract-figures dd").all_inner_texts()]
        wanted = ("sum", "accepted", "paid", "to_pay", "remaining")
        assert shown == [joined(money(told[name])) for name in wanted]
        words = joined(self.main.inner_text())
        missing = [name for name, value in told.items() if joined(money(value)) not in words]
        assert missing == []
        names = ("claimed", "deducted", "accepted", "paid")
        for act in ("1", "2"):
            assert self.cells(f"#act-{act}")[:4] == [joined(money(told[f"{name}_{act}"])) for name in names]

    def paper_says(self, name: str, *sums: Decimal, words: tuple[str, ...] = ()) -> None:
        """Find sums and words in a paper of the contract."""
        text = joined(pdf_words(self.fetch(f"/contracts/{self.number}/{name}")))
        missing = [one for one in (*map(digits, sums), *map(joined, words)) if one not in text]
        assert missing == [], name

    def table_row(self) -> dict[str, str]:
        """Take the row of the contract from the table."""
        text = self.fetch("/contracts/export.csv").decode("utf-8-sig")
        (row,) = [one for one in csv.DictReader(io.StringIO(text)) if one["number"] == self.number]
        return row

    def unpack(self, folder: Path) -> None:
        """Take the archive and let its own script verify it, with nothing of the portal around it."""
        content = self.fetch(f"/contracts/{self.number}/dossier.zip")
        zipfile.ZipFile(io.BytesIO(content)).extractall(folder)
        command = [sys.executable, "-I", "-S", "verify.py"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

    def finds_a_changed_byte(self, folder: Path, name: str) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes().replace(b"7", b"8", 1))
        command = [sys.executable, "-I", "-S", "verify.py"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert name in done.stdout


def archive_says(folder: Path, told: Figures, row: Mapping[str, str]) -> dict[str, Any]:
    """Compare the archive with what is expected and with the row of the table; return its record of the contract."""
    record: dict[str, Any] = json.loads((folder / "contract.json").read_text())
    known = {name: "" if record[name] is None else str(record[name]) for name in row if name != "is_demo"}
    assert {name: (known[name], row[name]) for name in known if known[name] != row[name]} == {}
    sums = ("first_sum", "sum", "claimed", "deducted", "accepted", "paid", "to_pay", "remaining")
    assert {name: Decimal(record["figures"][name]) for name in sums} == {name: told[name] for name in sums}
    acts, payments = (_rows(folder / name) for name in ("acts.csv", "payments.csv"))
    for name in ("claimed", "deducted", "accepted", "paid"):
        assert sum(Decimal(one[name]) for one in acts) == told[name]
        assert [Decimal(one[name]) for one in acts] == [told[f"{name}_1"], told[f"{name}_2"]]
    assert sum(Decimal(one["amount"]) for one in payments) == told["paid"]
    return record


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
