"""Flaws sown on purpose: each gate must turn red for what it is there to find."""
