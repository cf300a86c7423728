"""Questions and changes put to the student module's database, in business words."""
