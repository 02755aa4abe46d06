"""The desks of those who follow contracts: the official, the provider, the auditor; and replies to risk cards."""
