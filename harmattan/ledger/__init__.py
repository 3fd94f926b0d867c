"""Accounting's desk: what accounts owe, payments received, what they settle."""
