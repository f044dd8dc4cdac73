"""GeoReport v2: how apps and hotlines of others report matters here and read what is public, and how matters go to theirs."""
