"""The editors' part of the search in the Wagtail admin: synonyms, promotions, what was sought and not found."""
