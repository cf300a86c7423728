"""The student module: who studies here, what holds them back, and the record of what they take and took."""
