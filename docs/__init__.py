"""What writes the pages that are not written by hand; nothing of it is installed."""
