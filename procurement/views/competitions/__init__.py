"""Everybody's view of competitions: the list, one competition, its announcement as a paper, questions, the seal."""
