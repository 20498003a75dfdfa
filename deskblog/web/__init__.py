"""The one way out of the office: pages asked for by a person, fetched in a process that can be killed."""
