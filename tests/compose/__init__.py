"""The split university of deploy/compose.yaml: its rules, and it at work."""
