"""Planning's pages: parse, ask, call one service, render."""
