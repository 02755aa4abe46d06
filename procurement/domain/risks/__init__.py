"""Risk cards: signs by which people are asked to look, each with its rule, data and replies."""
