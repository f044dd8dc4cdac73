"""Reads of campaigns, a file per topic."""
