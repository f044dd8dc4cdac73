"""Builders of campaigns for tests, and who may open which page; a file per topic."""
