"""What deskblog weighs, beside what others weigh: see `python -m bench --help`."""
