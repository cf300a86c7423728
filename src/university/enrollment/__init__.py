"""Enrollment: who has a place where; the only authority on seats, and every refusal tells all its reasons."""
