from django.urls import path

from heli.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.accounts, name="list"),
    path("add/", views.add, name="add"),
    path("keys/", views.keys, name="keys"),
    path("keys/add/", views.add_key, name="add_key"),
    path("keys/<slug:key_id>/release/", views.release_key, name="release_key"),
    path("keys/<slug:key_id>/revoke/", views.revoke_key, name="revoke_key"),
    path("<slug:public_id>/", views.account, name="account"),
    path("<slug:public_id>/grant/", views.grant, name="grant"),
    path("<slug:public_id>/grant/<slug:grant_id>/end/", views.end, name="end_grant"),
    path("<slug:public_id>/activity/", views.activity, name="activity"),
    path("<slug:public_id>/password/", views.password, name="reset_password"),
]
