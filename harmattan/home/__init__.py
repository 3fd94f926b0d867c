"""Start pages, legal pages, health: what shows a little of every area."""
