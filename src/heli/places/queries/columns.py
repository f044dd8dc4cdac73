"""Whole integer columns of a queryset as numpy arrays: hundreds of thousands of rows without a Python object per row."""

from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from numpy.typing import NDArray


def read_columns(rows: QuerySet[Any], *columns: str) -> list[NDArray[np.int64]]:
    """Integer columns of the rows, in their order; an empty field reads as 0.

    The database writes each column as one text and numpy reads it: five times faster than fetching rows.
    """
    names = [f"column_{i}" for i in range(len(columns))]
    wanted = rows.annotate(**{name: F(column) for name, column in zip(names, columns, strict=True)}).values(*names)
    try:
        sql, params = wanted.query.sql_with_params()
    except EmptyResultSet:  # a filter by an empty list
        return [np.empty(0, np.int64) for _name in names]
    if connection.vendor == "postgresql":
        lists = ", ".join(f"string_agg(COALESCE({name}, 0)::text, ',' ORDER BY row)" for name in names)
        sql = f"SELECT {lists} FROM (SELECT *, row_number() OVER () AS row FROM ({sql}) AS inner_rows) AS numbered"
    else:
        lists = ", ".join(f"group_concat(COALESCE({name}, 0))" for name in names)
        sql = f"SELECT {lists} FROM ({sql})"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        texts = cursor.fetchone()
    assert texts is not None
    return [np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64) for text in texts]
