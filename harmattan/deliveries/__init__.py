"""Delivery addresses, modes, fees, and what the two dates of the cart allow."""
