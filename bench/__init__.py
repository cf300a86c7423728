"""Measurements: run them with `python -m bench.<name>`; nothing here is asserted by the tests."""
