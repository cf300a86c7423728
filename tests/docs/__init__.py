"""The documents are true: what they name exists, what they list is complete, what they run works."""
