"""Changes of an account's details: asked for by the shop, old value and new, applied by sales (R58–R60)."""
