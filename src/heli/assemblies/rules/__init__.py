"""Pure rules of assemblies and elections, a file per topic: whole numbers in, statuses and lines of proof out."""
