"""What changes between two organizations, as power: exact, over every address and endpoint."""
