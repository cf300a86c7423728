"""The questions and changes the enrollment module puts to its database, in the registrar's words."""
