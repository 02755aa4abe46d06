"""Awards of project competitions as grants of the 360Giving Data Standard 1.4: docs/ocds.md says what stands where."""

from portal.site.opendata.threesixty.grants import grants, package

__all__ = ["grants", "package"]
