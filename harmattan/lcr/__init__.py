"""Payment by LCR: mandates of shops, remittances to our bank, what came back unpaid (R80; domain.md §6)."""
