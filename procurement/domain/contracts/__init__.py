"""Contracts: made from an award or another channel, versions, signatures, amendments, ends."""
