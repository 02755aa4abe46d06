"""The open API: lists and objects, the feed of changes, and what every answer to a program has."""
