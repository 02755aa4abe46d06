"""What a contract brings: milestones, reports, acts of services rendered, payments, budget lines."""
