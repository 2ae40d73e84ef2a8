"""Chromium as a collector's phone and as an office desk. A breach of the content policy fails the test."""

import os
import shutil

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
HANGZHOU = {"latitude": 30.2741, "longitude": 120.1551, "accuracy": 12}
CHINA = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PHONE = CHINA | {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "geolocation": HANGZHOU,
    "permissions": ["geolocation", "camera"],
}
DESK = CHINA | {"viewport": {"width": 1280, "height": 800}}


def executable():
    """Where Chromium is, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def playwright():
    # Playwright keeps an event loop in this thread; Django would take the tests for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright):
    browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def new_page(browser):
    """new_page(live, **options): a page in its own context; script errors and policy breaches fail the test."""
    contexts, pages = [], []

    def make(server, **options):
        context = browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: _refused(said.text) and page.complaints.append(said.text))
        pages.append(page)
        return page

    yield make
    for context in contexts:
        context.close()
    complaints = [complaint for page in pages for complaint in page.complaints]
    assert not complaints, complaints


def _refused(text):
    return "Content Security Policy" in text or "Content-Security-Policy" in text


@pytest.fixture
def phone(live, new_page):
    """A phone at 390 × 844 in Hangzhou, with a camera, on a server of its own (`live`)."""
    return new_page(live, **PHONE)


@pytest.fixture
def desk(live, new_page):
    return new_page(live, **DESK)
