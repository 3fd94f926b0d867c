"""Invoices and credit notes, what is left of them, statements, duplicates."""
