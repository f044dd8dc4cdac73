"""The wire: mail through Django, work chats and webhooks through apprise; nothing is contacted that is not allowed."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from heli.notices.rules import clipped, parse_webhook
from heli.notices.types import ChannelKind, Message

MOST_BYTES = 2000
"""Of a text to a work chat: WeCom takes 2,048 bytes, the others more; the page has the rest."""


def page_address(link: str) -> str:
    """A page's whole address for a message; empty when the installation has not been told its own (HELI_URL)."""
    return f"{settings.SITE_URL}{link}" if link and settings.SITE_URL else ""


def send_message(kind: ChannelKind, address: str, message: Message) -> str:
    """Send; empty when it went, else why not, in words for the log. The host is checked anew, the list may have changed."""
    if kind is ChannelKind.MAIL:
        return _send_mail(address, message)
    target, problems = parse_webhook(kind, address, settings.WEBHOOK_HOSTS)
    if target is None:
        return str(problems[0].message)
    from heli.notices.robots import robot

    body = clipped(message.text or message.subject, MOST_BYTES - len(message.subject.encode()))
    went = robot(target).notify(title=message.subject, body=body)
    return "" if went else _("%(host)s did not take the message.") % {"host": target.host}


def _send_mail(address: str, message: Message) -> str:
    if not settings.MAIL_IS_SET:
        return _("No mail server is set up. Ask the administrator to set HELI_MAIL_URL.")
    mail = EmailMultiAlternatives(message.subject, message.text, str(settings.DEFAULT_FROM_EMAIL), [address])
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for name, content_type, content in message.files:
        mail.attach(name, content, content_type)
    return "" if mail.send() else _("%(host)s did not take the message.") % {"host": settings.EMAIL_HOST}
