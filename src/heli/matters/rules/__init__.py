"""Pure rules of matters, a file per topic: the clock, the moves, what is alike, what is masked."""
