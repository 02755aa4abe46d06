"""A bidder's own pages: from the conditions of a competition to the receipt of a sealed proposal."""
