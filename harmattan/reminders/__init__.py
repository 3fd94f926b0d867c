"""Overdue invoices and polite reminders: who is reminded, how firmly, and who is left in peace."""
