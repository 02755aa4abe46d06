"""Pages of a provider about one contract: read, signed."""
