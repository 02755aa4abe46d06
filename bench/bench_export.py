"""Rows per second and extra memory of the public export of a filled register. Usage: bench_export.py [ROWS]"""

import os
import sys
import time
from pathlib import Path

import scratch_register as scratch


def fill(folder, rows):
    """Fill the register in a process of its own, so that its memory is not counted here."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        if status:
            sys.exit("the register could not be filled")
        return
    scratch.open_register(folder)
    from django.utils import timezone

    from registry.domain.providers import Actor
    from registry.interfaces.importing import ImportSource, run

    path = folder / "providers.csv"
    scratch.write_file(path, rows)
    source = ImportSource.from_path(path)
    with source.file:
        report = run(source, actor=Actor(None, "command"), now=timezone.now(), partial=True)
    os._exit(0 if report.created == rows else 1)


def measure(form, rows):
    from django.test import RequestFactory

    from registry.views.export import export_register

    request = RequestFactory().get(f"/registry/export.{form}")
    before, wall, cpu = scratch.peak_memory(), time.perf_counter(), time.process_time()
    size = sum(len(piece) for piece in export_register(request, form).streaming_content)
    scratch.told(
        f"{form}, {size / 1e6:.0f} MB", rows, time.perf_counter() - wall, time.process_time() - cpu,
        scratch.peak_memory() - before,
    )  # fmt: skip


def main():
    options = scratch.arguments(__doc__)
    with scratch.scratch_folder() as name:
        folder = Path(name)
        fill(folder, options.rows)
        scratch.open_register(folder)
        from registry.queries.register import register_index

        start = time.perf_counter()
        register_index.refresh()
        print(f"{options.rows:,} providers; index read in {time.perf_counter() - start:.1f} s")
        for form in ("csv", "json", "xlsx"):
            measure(form, options.rows)


if __name__ == "__main__":
    main()
