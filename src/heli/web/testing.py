"""Who may open which page of web, and health."""

from heli.ui.testing import EVERYONE, STAFF, STRANGER, AccessCase

ACCESS = [
    AccessCase("web:home", EVERYONE),
    AccessCase("web:search", STAFF),
    AccessCase("web:search", STAFF, query="?q=村", success=(200, 302)),  # a single hit opens at once
    AccessCase("health:live", (*EVERYONE, STRANGER)),
    AccessCase("health:ready", (*EVERYONE, STRANGER)),
]
