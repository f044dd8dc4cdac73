"""The hash under which an appraisal is sealed: its subject, pack, facts in order, parts and what people decided."""

import hashlib
import json
from typing import Any


def digest_of(row: Any) -> str:
    """SHA-256 over the canonical JSON of everything that was judged."""
    facts = [
        [
            one.indicator,
            one.fact,
            one.exempt,
            one.source,
            one.figure,
            one.version,
            one.snapshot,
            one.sha256,
            one.at.isoformat(),
        ]
        for one in row.facts.all()
    ]
    judged = {
        "id": row.public_id, "title": row.title, "year": row.year.year, "pack": row.pack,
        "pack_sha256": row.year.pack_sha256, "facts": facts, "parts": row.parts, "grade": row.grade, "why": row.why,
        "objection": row.objection, "ruling": row.ruling,
    }  # fmt: skip
    text = json.dumps(judged, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
