"""Who may do what, whatever is tried: the matrix of operations and callers, attacks with tokens, fuzzing, canaries."""
