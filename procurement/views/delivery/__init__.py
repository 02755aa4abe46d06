"""Pages of delivery and money: reports, acts, payments, milestones, budget lines, from both cabinets."""
