"""What an organization's directory holds: accounts and accepted domains."""
