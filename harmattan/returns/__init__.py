"""Returns: what may come back and why not, slips, reception, credit (R88–R99)."""
