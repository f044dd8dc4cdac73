from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "heli.inquiries"
    label = "inquiries"
