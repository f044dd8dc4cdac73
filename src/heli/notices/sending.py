"""The wire: mail through Django, work chats and webhooks by one POST; nothing is contacted that is not allowed."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from heli.notices.rules import clipped, parse_webhook
from heli.notices.texts import as_fault
from heli.notices.types import Answer, ChannelKind, Letter

MOST_BYTES = 2000
"""Of a text to a work chat: WeCom takes 2,048 bytes, the others more; the page has the rest."""


def page_address(link: str) -> str:
    """A page's whole address for a message; empty when the installation has not been told its own (HELI_URL)."""
    return f"{settings.SITE_URL}{link}" if link and settings.SITE_URL else ""


def send_message(kind: ChannelKind, address: str, message: Letter, *, at: datetime) -> Answer:
    """Send; what came back. The host is checked anew, the list may have changed."""
    if kind is ChannelKind.MAIL:
        return _send_mail(address, message)
    target, found = parse_webhook(kind, address, settings.WEBHOOK_HOSTS)
    if target is None:
        return Answer(as_fault(found[0]).message)
    from heli.notices.robots import post

    # A robot that asks for a keyword gets one in every message.
    title = message.subject if kind is ChannelKind.WEBHOOK else f"【{settings.PRODUCT_NAME}】{message.subject}"
    body = clipped(message.text, MOST_BYTES - len(title.encode()))
    return post(target, title, body, at=at)


def _send_mail(address: str, message: Letter) -> Answer:
    if not settings.MAIL_IS_SET:
        return Answer(_("No mail server is set up. Ask the administrator to set HELI_MAIL_URL."))
    mail = EmailMultiAlternatives(message.subject, message.text, str(settings.DEFAULT_FROM_EMAIL), [address])
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for name, content_type, content in message.files:
        mail.attach(name, content, content_type)
    try:
        went = mail.send()
    except SMTPRecipientsRefused as refused:
        code, said = refused.recipients.get(address, (0, b""))
        text = _("The mail server does not take mail for this address: %(said)s")
        return Answer(text % {"said": f"{code} {said.decode(errors='replace')}"}, is_final=500 <= code < 600)
    return Answer() if went else Answer(_("%(host)s did not take the message.") % {"host": settings.EMAIL_HOST})
