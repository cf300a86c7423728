"""Questions and changes put to the course module's database, in business words."""
