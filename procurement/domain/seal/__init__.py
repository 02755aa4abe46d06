"""The seal: keys, what they encrypt, the opening, what a bidder can prove."""
