"""Words of guidance that are data in both languages, and where a figure comes from."""

from django import template

from fieldvisit import flags, scores
from fieldvisit.rules import playbook

register = template.Library()


@register.filter
def words(texts: dict | None) -> str:
    """{"zh-hans", "en"} → the text of the language that is shown."""
    return texts[flags.language()] if texts else ""


@register.filter
def source(code: str):
    return scores.SOURCES.get(code, code)


@register.filter
def studies(strategy: str) -> list[dict]:
    return playbook.studies(strategy)


@register.filter
def entry(found: dict, key: str):
    """For keys that are also methods of a dict."""
    return found[key]
