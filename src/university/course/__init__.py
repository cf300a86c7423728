"""The course module owns the catalog: terms, courses, requisites, offerings, sections and what they promise in time."""
