"""Pages of campaigns, a file per topic."""
