"""Every address of the field, sync and office pages. Each needs a line in tests/test_policy.py."""

from django.urls import path

from .views import cases_office, people, pictures, reviews, shell

urlpatterns = [
    # --- people: signing in and out
    path("", people.home, name="home"),
    path("sign-in/", people.sign_in, name="sign-in"),
    path("sign-out/", people.sign_out, name="sign-out"),
    path("language/", people.language, name="language"),
    # --- sync
    # --- field: shell, worker, fragments
    path("m/sw.js", shell.worker, name="worker"),
    path("m/manifest.webmanifest", shell.manifest, name="manifest"),
    # --- office
    path("office/", reviews.index, name="reviews"),
    path("office/visits/<uuid:visit_id>/", reviews.show, name="review"),
    path("office/visits/<uuid:visit_id>/decisions/", reviews.decide, name="decisions"),
    path("office/cases/", cases_office.index, name="cases"),
    path("office/cases/<str:ref>/", cases_office.show, name="case"),
    path("office/photos/<int:photo_id>/original", pictures.show, {"version": "original"}, name="photo-original"),
    path("office/photos/<int:photo_id>/derivative", pictures.show, {"version": "derivative"}, name="photo"),
    # --- field: what is no fragment; last, so that fragments come first
    path("m/", shell.other, name="shell"),
    path("m/<path:path>", shell.other, name="shell-other"),
]
