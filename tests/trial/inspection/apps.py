from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "tests.trial.inspection"
    label = "inspection"
    is_context = True
