"""Reads what a person wrote elsewhere: archives of Mastodon and Twitter, feeds, a text of lines."""
