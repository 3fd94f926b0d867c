"""One quote, its order, its invoice and its parcels: everybody acts as they please, time goes by."""
