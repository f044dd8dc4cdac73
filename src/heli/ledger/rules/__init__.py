"""Pure rules of books and property, a file per topic: whole fen, 0.01 m², basis points and hundredths of a share."""
