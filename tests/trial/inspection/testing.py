"""Who may open the pages of inspections."""

from heli.records.testing import access_of
from heli.ui.testing import STAFF
from tests.trial.inspection.ledger import INSPECTION

EDITORS = ("district_officer", "town_officer", "administrator")
ACCESS = access_of(INSPECTION, readers=STAFF, enterers=EDITORS)
