"""The cart: lines, delivery, the two dates, reference and comment, until it is ordered."""
