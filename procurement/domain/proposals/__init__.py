"""A proposal until the close: who may, drafts field by field, partners, submission."""
