"""The small site of the tests of pages."""

from tests.pages.conftest import content, make_guide, site, standing_site, words_of_now

__all__ = ["content", "make_guide", "site", "standing_site", "words_of_now"]
