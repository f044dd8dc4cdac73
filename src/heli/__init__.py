"""Heli 合里: the operations room of a district that reorganises its villages and runs them well."""
