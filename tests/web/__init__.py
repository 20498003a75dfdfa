"""Pages, and servers that mean no good."""
