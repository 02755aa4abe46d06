"""What is read of contracts, by whom."""
