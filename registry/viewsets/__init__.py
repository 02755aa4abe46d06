"""The registrar's desk in the Wagtail admin: what is listed, shown and changed there, each by its use case."""
