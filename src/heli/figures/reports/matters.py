"""Problems, consultation and meetings in a weekly report."""

from heli.figures.reports.sentences import Sentence

SENTENCES: tuple[Sentence, ...] = ()
