"""What the house says and promises, changed on screen: dated, signed, shown before it holds (R105)."""
