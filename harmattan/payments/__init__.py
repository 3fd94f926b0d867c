"""How a shop pays: orders of payment, the payment page, what is awaited (R73–R82)."""
