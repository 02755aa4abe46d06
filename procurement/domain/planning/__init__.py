"""Before a competition: needs, refusals, programmes, budget acts, decisions on the social order."""
