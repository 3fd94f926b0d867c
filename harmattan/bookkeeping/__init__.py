"""Sales and receipts as the ledger's software takes them: a table for spreadsheets, the FEC layout."""
