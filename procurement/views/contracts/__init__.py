"""Everybody's view of contracts: the register, one contract, its papers, log and dossier."""
