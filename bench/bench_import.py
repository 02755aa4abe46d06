"""Rows per second and peak memory of an import: tried, entered, entered again. Usage: bench_import.py [ROWS]"""

import time
from pathlib import Path

import scratch_register as scratch


def measure(name, path, rows, **options):
    from django.utils import timezone

    from registry.domain.providers import Actor
    from registry.interfaces.importing import ImportSource, run

    before, wall, cpu = scratch.peak_memory(), time.perf_counter(), time.process_time()
    source = ImportSource.from_path(path)
    with source.file:
        report = run(source, actor=Actor(None, "command"), now=timezone.now(), **options)
    assert report.is_clean, report.faults[:3]
    scratch.told(name, rows, time.perf_counter() - wall, time.process_time() - cpu, scratch.peak_memory() - before)
    return report


def main():
    options = scratch.arguments(__doc__)
    with scratch.scratch_folder() as name:
        folder = Path(name)
        scratch.open_register(folder)
        path = folder / "providers.csv"
        scratch.write_file(path, options.rows)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB; before: {scratch.peak_memory():.0f} MB")
        assert measure("trial run", path, options.rows, dry_run=True).created == options.rows
        assert measure("entering", path, options.rows).created == options.rows
        assert measure("the same file again", path, options.rows).unchanged == options.rows


if __name__ == "__main__":
    main()
