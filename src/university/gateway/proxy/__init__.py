"""The door: finds out who is asking and which module answers, and passes the request on; no framework on the way."""
