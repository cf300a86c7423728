"""The pages for people: the built user interface, and our own few where it has none."""
