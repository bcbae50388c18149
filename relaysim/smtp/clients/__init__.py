"""The client's side: what it types, what a script's message comes to, what it saw before."""
