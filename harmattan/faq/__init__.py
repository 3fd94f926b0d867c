"""The seventeen questions, each with the link that does it."""
