"""Security descriptors of the directory: binary, as SDDL and as dsacls prints them."""
