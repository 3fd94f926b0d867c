"""A believable demonstration: the cast of the journeys, their catalogue, their orders and messages."""
