"""One short file a container: each puts wirings together and starts one process."""
