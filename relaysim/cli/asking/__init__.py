"""Commands that ask the model: one client, a session, many questions, every address."""
