"""The made-up university."""
