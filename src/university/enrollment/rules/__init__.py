"""When a student may have a place: pure decisions over plain values; no I/O, no clock, no framework."""
