"""Addresses of what the front-end build made. A builtin of all templates: no {% load %} needed."""

import json
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

register = template.Library()
_read = {"made": None, "names": {}}


class AssetMissing(RuntimeError):
    """The front end has not been built, or does not make this file."""


def manifest():
    """{"field.js": "field-1A2B3C4D.js", …, "build": "<12 hex>"}; read once a process, in DEBUG when it has changed."""
    path = settings.ASSETS_MANIFEST
    if settings.DEBUG or not _read["names"]:
        try:
            made = path.stat().st_mtime_ns
            if made != _read["made"]:
                _read.update(made=made, names=json.loads(path.read_text()))
        except FileNotFoundError:
            raise AssetMissing(f"{path} is not there: run `make build`.") from None
    return _read["names"]


def asset_url(name):
    """The address of `name` ("field.js", "office.css", "icons.svg"), under which its bytes never change."""
    try:
        return _address(manifest()[name])
    except KeyError:
        raise AssetMissing(f"The front-end build makes no {name}: run `make build`.") from None


@lru_cache
def _address(file):
    return static(f"dist/{file}")


@register.simple_tag
def asset(name):
    return asset_url(name)


@register.simple_tag
def build():
    """The name of this build, as the phone reports it in `app.build`."""
    return manifest()["build"]


@register.simple_tag
def icon(name):
    """One drawing of the sprite. It is hidden from screen readers: the words beside it speak."""
    return _drawing(asset_url("icons.svg"), name)


@lru_cache(256)
def _drawing(href, name):
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', href, name)


_same = {}


@register.simple_tag(takes_context=True)
def same(context, name):
    """`include` for a template that says the same on every page: rendered once a language, not 600 times a pack."""
    key = (name, get_language(), manifest()["build"])
    if settings.DEBUG or key not in _same:
        _same[key] = get_template(name).template.render(context.new(context.flatten()))
    return mark_safe(_same[key])  # noqa: S308  (made by a template)
