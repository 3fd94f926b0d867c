"""The services of the house, and the door of their pages under /equipe."""
