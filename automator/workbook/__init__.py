"""Where schools write: reading a snapshot, publishing status."""
