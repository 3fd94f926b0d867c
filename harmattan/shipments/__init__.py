"""Parcels that leave for orders: recorded, followed, received, complained of; addresses that change late."""
