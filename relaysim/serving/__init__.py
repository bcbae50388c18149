"""A server that listens: the modelled dialogue behind real sockets, for real clients."""
