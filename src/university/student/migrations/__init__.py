"""The history of the student module's tables."""
