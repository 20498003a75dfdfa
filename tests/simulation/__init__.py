"""An office in which everything goes wrong, seeded: real engines on a loop whose time is not real."""
