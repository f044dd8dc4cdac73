"""Villages as rows: the columns a table of any format may have, and how they become an instance.

A reader of one format (CSV, GeoJSON, GeoPackage, Shapefile) delivers a `VillageTable`; everything after that is the
same for all of them and lives here.
"""

from mergeplan.tables.assemble import instance_from_table
from mergeplan.tables.rows import DEFAULT_AFFINITY, EdgeRow, VillageTable

__all__ = ["DEFAULT_AFFINITY", "EdgeRow", "VillageTable", "instance_from_table"]
