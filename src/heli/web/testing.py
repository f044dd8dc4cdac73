"""Who may open which page of web, and health."""

from heli.ui.testing import EVERYONE, STAFF, STRANGER, AccessCase, public_id

ACCESS = [
    AccessCase("web:home", EVERYONE),
    AccessCase("web:search", STAFF),
    AccessCase("web:search", STAFF, query="?q=村", success=(200, 302)),  # a single hit opens at once
    *(
        AccessCase(
            name,
            STAFF,
            own=public_id(lambda world: world.a.village),
            foreign=public_id(lambda world: world.b.village),
            elsewhere=public_id(lambda world: world.a.other_village),
            narrow=("town_officer", "village_cadre", "grid_worker"),
        )
        for name in ("web:archive", "web:archive_pdf", "web:codes")
    ),
    AccessCase("web:openly", (*EVERYONE, STRANGER), own=public_id(lambda world: world.a.village)),
    # Programs come with a key of an account (web/tests/test_api.py); a browser that is signed in is nobody here.
    *(
        AccessCase(f"api:{name}", (*EVERYONE, STRANGER), own=own, success=(401,))
        for name, own in (
            *((name, lambda _world: {}) for name in ("districts", "places", "campaigns", "matters", "figures")),
            ("cells", lambda _world: {"campaign_id": "x"}),
            ("figure", lambda _world: {"figure_id": "x"}),
        )
    ),
    AccessCase("api:openapi-json", (*EVERYONE, STRANGER)),
    AccessCase("api:api-root", (*EVERYONE, STRANGER), success=(404,)),
    AccessCase("health:live", (*EVERYONE, STRANGER)),
    AccessCase("health:ready", (*EVERYONE, STRANGER)),
]
