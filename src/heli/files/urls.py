from django.urls import path

from heli.files import views

app_name = "files"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<slug:public_id>/", views.upload, name="upload"),
    path("open-uploads/", views.open_uploads, name="open_uploads"),
    path("open-uploads/<slug:public_id>/", views.open_upload, name="open_upload"),
    path("<str:public_id>/", views.download, name="download"),
    path("<str:public_id>/view/", views.view, name="view"),
    path("<str:public_id>/thumbnail/", views.thumbnail, name="thumbnail"),
]
