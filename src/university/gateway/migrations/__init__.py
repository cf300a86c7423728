"""The gateway's schema history."""
