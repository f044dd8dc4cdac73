"""The polling pack of a unit: ballots, hall, signs, labels, checklist and the host's script as one PDF."""
