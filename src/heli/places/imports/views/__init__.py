"""Pages of imports: what to import, the file, its columns, problems, preview, apply, result, history."""

from heli.places.imports.views.around import neighbours, template
from heli.places.imports.views.runs import abandon, apply, check, mend, run
from heli.places.imports.views.starting import home, match_columns, new

__all__ = ["abandon", "apply", "check", "home", "match_columns", "mend", "neighbours", "new", "run", "template"]
