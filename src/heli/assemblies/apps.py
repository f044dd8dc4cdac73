from django.apps import AppConfig


class AssembliesConfig(AppConfig):
    name = "heli.assemblies"
    label = "assemblies"
