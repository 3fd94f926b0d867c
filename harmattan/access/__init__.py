"""Accounts, people, log-in and rights: who is asking, and what they may see."""
