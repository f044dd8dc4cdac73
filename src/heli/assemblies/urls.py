"""Addresses of sittings, of the four steps and of the law."""

from django.urls import path

