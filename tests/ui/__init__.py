"""The pages for people: how they are written and built, and what becomes of them in a real browser."""
