"""How Ukrainian text and what people type become the same tokens."""
