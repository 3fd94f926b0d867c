"""Order lists, pasted or sent as files: read line by line, reviewed, then added to the cart (J5)."""
