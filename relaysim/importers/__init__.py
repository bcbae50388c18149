"""What others wrote, read into records and put together as an organization."""
