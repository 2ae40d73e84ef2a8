"""The root of all addresses. `fieldvisit` owns /, /m/, /sync/ and /office/; `agreements` adds its own below them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("agreements.urls")),
    path("", include("fieldvisit.urls")),
]
