"""Writes of campaigns, a file per topic."""
