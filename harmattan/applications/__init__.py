"""Applications for an account: a form, a private page to follow it, the desk of sales (R22–R29, J3)."""
