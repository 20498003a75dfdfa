"""Tests of deskblog.attention."""
