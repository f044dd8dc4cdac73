from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "heli.posts"
    label = "posts"
