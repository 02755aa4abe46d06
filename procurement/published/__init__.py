"""What is published as a file of its own beside the results, to be run by anybody without the portal."""
