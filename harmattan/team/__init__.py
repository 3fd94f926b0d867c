"""Staff users and their services, as settings keep them."""
