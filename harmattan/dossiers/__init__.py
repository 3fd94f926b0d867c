"""Dossiers: many documents at once, for whoever keeps the books (R68, R70)."""
