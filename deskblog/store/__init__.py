"""The one SQLite file: entries and acts are the truth, everything else a view that can be rebuilt."""
