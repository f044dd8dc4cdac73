"""Files as offices and attackers write them, built by hand, and what becomes of them."""
