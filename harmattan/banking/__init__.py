"""Our bank's statement as a file: read, matched line by line with accounts and invoices, booked once."""
