"""News of competitions for people without an account."""
