"""Reading TOML: what is plain of it quickly, and where keys stand."""
