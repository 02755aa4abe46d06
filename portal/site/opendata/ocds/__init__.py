"""Competitions and contracts in the Open Contracting Data Standard 1.1.5: see docs/ocds.md for what stands where."""

from portal.site.opendata.ocds.packages import records, releases, write_records, write_releases

__all__ = ["records", "releases", "write_records", "write_releases"]
