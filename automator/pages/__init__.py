"""Static pages for people."""
