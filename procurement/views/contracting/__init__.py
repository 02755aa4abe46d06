"""Pages of the official about one contract: made, filled in, offered, signed, amended, ended."""
