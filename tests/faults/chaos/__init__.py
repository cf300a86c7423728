"""Chaos: a split university under load while everything it stands on is killed, and nothing acknowledged is lost."""
