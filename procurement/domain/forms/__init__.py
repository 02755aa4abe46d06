"""Forms of proposals: definitions read, checked, filled."""
