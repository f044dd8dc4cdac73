from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "heli.files"
    label = "files"
