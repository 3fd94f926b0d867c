"""How the house keeps its promises: answer times, what still reaches people, orders, mail and work."""
