"""What can be asked of the student module and done in it, one transaction a method."""
