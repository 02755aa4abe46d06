"""Outgoing webhooks: addresses of others that are told of public changes, signed, in order, at least once."""
