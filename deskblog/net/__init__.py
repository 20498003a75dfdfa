"""Colleagues on the network: a sans-IO core, and the sockets around it."""
