"""The developers' pages show rows of ours and nothing that opens a door."""

from django.contrib import admin
from django_otp.plugins.otp_totp.models import TOTPDevice


def test_nobody_reads_or_makes_the_second_factor_of_another(client, sign_in, mia, olga):
    device = TOTPDevice.objects.get(user=olga)
    sign_in(mia)
    for page in ("", "add/", f"{device.pk}/change/", f"{device.pk}/config/", f"{device.pk}/qrcode/"):
        assert client.get(f"/admin/otp_totp/totpdevice/{page}").status_code == 404, page


def test_only_our_own_models_have_pages(db):
    assert {model._meta.app_label for model in admin.site._registry} == {"fieldvisit"}


def test_what_happened_can_only_be_looked_at(client, sign_in, mia, visit):
    sign_in(mia)
    assert client.get("/admin/fieldvisit/visit/").status_code == 200
    assert client.get("/admin/fieldvisit/visit/add/").status_code == 403
    assert client.post(f"/admin/fieldvisit/visit/{visit.pk}/delete/", {"post": "yes"}).status_code == 403
