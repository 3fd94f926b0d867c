"""Quotes: asked for from the cart, offered by sales, accepted once (R43–R49)."""
