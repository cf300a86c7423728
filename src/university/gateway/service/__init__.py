"""What the gateway does with accounts: sign people in, recognize them again, keep the accounts."""
