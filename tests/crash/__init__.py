"""Kills, full disks, bad pages, wrong clocks: whatever was said to be kept is kept, or is said to be lost."""
