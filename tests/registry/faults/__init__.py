"""Files of providers with one fault each, made in code, and what the report must say of them."""
