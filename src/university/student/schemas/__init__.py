"""The JSON that the student module speaks."""
