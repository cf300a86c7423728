"""The history of the course module's schema."""
