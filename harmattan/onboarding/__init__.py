"""How shops and people come in: requests for access, and (later) account applications."""
