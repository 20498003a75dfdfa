"""Feeds of the outside: bytes in, items out, both in a process that can be killed."""
