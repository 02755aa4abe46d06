"""The invented orders and competitions of the demonstration: told by the steps that officials and bidders take."""
