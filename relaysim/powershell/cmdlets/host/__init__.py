"""Commands about what stands around a script: questions, sessions, modules, transcripts."""
