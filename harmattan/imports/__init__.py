"""The catalogue's way in: the publisher's ONIX files and the warehouse's stock."""
