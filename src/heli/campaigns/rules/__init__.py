"""Pure rules of campaigns, a file per topic."""
