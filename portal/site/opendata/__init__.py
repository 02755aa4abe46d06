"""The register, the orders and the contracts as open data: objects, tables, standards, snapshots."""
