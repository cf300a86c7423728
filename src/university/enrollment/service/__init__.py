"""What students and registrars do about places; one transaction a method, neighbors asked before it."""
