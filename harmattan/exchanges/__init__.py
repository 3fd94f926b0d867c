"""Exchanges: orders, shipments and documents as files of the trade: CSV, EDIFACT D.96A, flat file."""
