"""The languages of the site and where the front page of each stands."""

from typing import Final

FRONT: Final = {"uk": "/", "en": "/en/"}
