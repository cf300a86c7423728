"""The history of the enrollment schema."""
