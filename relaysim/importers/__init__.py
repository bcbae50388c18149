"""What others wrote, as records, and records as an organization. Opens no file: bytes come in."""
