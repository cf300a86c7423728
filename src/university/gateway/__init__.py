"""The gateway is the one door: it knows who is asking, which module answers, and nothing else."""
