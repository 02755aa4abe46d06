"""A competition: specified, drafted, judged by its rules, announced, changed, asked about, ended; its phases."""
