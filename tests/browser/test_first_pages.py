"""The first pages stand, under the enforced policy, on the phone and at the desk."""

import pytest

pytestmark = pytest.mark.browser


def test_the_phone_opens_the_shell(phone):
    answer = phone.goto("/m/")
    assert answer.status == 200
    assert "set-cookie" not in answer.headers
    assert phone.locator("main").count() == 1
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_desk_opens_the_sign_in_page_in_chinese(desk):
    desk.goto("/")
    assert desk.url.split("?")[0].endswith("/sign-in/")
    assert desk.locator("html").get_attribute("lang") == "zh-hans"
