"""deskblog: short signed posts between colleagues, peer to peer, with no server."""

__version__ = "0.1.0"
