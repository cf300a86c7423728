"""One HTTP request to a neighbor, in this process or by the network, and what may go wrong on the way."""
