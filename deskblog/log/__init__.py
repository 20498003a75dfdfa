"""Bytes to entries and acts and back, verification, and the fold. Pure: no I/O, no clock, no dice."""
