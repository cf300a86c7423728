"""The JSON that the course module takes and gives."""
