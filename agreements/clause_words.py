"""What the linter found in a clause set, in words for the office."""

from django.utils.translation import gettext_lazy as _

from .rules.clause_lint import Finding, checklist

SENTENCES = {
    "row": _("The set has no clause for this required row, or not in every case."),
    "advice": _("Recommended: a clause for this row."),
    "needs": _("The clause must state: {said}."),
    "forbidden": _("This may not stand in an agreement: {said}."),
    "row_unknown": _("The checklist has no such row."),
    "language": _("Heading and every paragraph are needed in both languages."),
    "explain": _("A key term needs its one plain sentence in both languages."),
    "variable": _("There is no fact of this name: {said}."),
    "blank": _("This fact may be missing when the paragraph stands: {said}."),
    "mismatch": _("The two languages do not state the same facts: {said}."),
    "declared": _("The facts that the clause declares are not those that it names: {said}."),
    "condition": _("There is no such condition: {said}."),
    "brace": _("A brace stands alone: facts are written {{name}}."),
    "character": _("A hidden sign stands in the text."),
    "article": _("The clause cites no article."),
    "id": _("Two clauses have the same name."),
    "signer": _("Whoever signs needs a card of rights and a consent in both languages."),
    "form": _("The set cannot be read."),
}


def said(found: Finding, language: str) -> dict:
    """{"error", "where", "row", "title", "articles", "text"} for a page; `language`: zh-hans or en."""
    rules = checklist()
    its = rules["row"].get(found.row) or rules["forbidden"].get(found.row)
    words = found.said.partition(": ")[2] if found.code == "forbidden" and ": " in found.said else found.said
    return {
        "error": found.level == "error", "where": found.where, "row": found.row, "articles": found.articles,
        "title": its["title"][language] if its else "", "text": SENTENCES[found.code].format(said=words),
    }  # fmt: skip
