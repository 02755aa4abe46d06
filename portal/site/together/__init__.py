"""What readers do with services found: compare them, keep them, take them along; and what other sites embed."""
