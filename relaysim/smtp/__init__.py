"""The session as the client sees it: commands, replies, header firewall."""
