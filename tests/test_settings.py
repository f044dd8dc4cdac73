"""Settings read from the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from heli.config.settings import mail


def test_the_mail_server_is_read_from_one_address() -> None:
    read = mail("smtps://heli:p%40ss@smtp.example.cn?from=heli@example.cn")
    assert (read["HOST"], read["PORT"], read["HOST_PASSWORD"]) == ("smtp.example.cn", 465, "p@ss")
    assert (read["FROM"], read["USE_SSL"], read["USE_TLS"]) == ("heli@example.cn", True, False)
    assert mail("smtp://smtp.example.cn")["USE_TLS"] is True
    assert mail("smtp+plain://10.0.0.7:2525")["PORT"] == 2525
    assert str(mail("")["BACKEND"]).endswith("dummy.EmailBackend")


@pytest.mark.parametrize("url", ["https://example.cn", "smtp://", "smtp.example.cn"])
def test_anything_else_fails_loudly(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HELI_MAIL_URL"):
        mail(url)
