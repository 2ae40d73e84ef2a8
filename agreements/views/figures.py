"""The evaluation: figures by team, collector, product and week, plans by months, the cases behind each, and exports."""

import io
import logging
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from agreements import figures
from agreements.forms import Period
from fieldvisit import access, step_up, tables
from fieldvisit.models import Case

logger = logging.getLogger(__name__)
BY = {
    "team": gettext_lazy("Team"), "collector": gettext_lazy("Collector"), "product": gettext_lazy("Product"),
    "week": gettext_lazy("Week"),
}  # fmt: skip
HEADS = {
    "visits": gettext_lazy("Visits"), "contact": gettext_lazy("Met"), "kept": gettext_lazy("Promises kept"),
    "signed": gettext_lazy("Plans signed"), "performing": gettext_lazy("Plans performing"),
    "recovered": gettext_lazy("Recovered, yuan"), "complaint_rate": gettext_lazy("Complaints per 100 visits"),
    "conduct": gettext_lazy("Conduct flags"),
}  # fmt: skip
SHOWN = 200
TYPES = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """?by=team&first=2026-09-01&last=2026-11-24, and &format=csv or xlsx for the same as a file."""
    now, form = timezone.now(), Period(request.GET or None)
    by, first, last = _asked(request, form, now)
    found = figures.items(request.user, first, last, now)
    rows, heads = figures.table(found, by), [str(head) for head in HEADS.values()]
    if request.GET.get("format") in TYPES:
        if asked := step_up.ask(request):
            return asked
        lines = [[row["name"], *_plain(row["sums"])] for row in rows] + [[_("All"), *_plain(figures.total(found))]]
        return _file(request, f"figures-{by}-{first}-{last}", [[str(BY[by]), *heads], *lines])
    link = {"by": by, "first": first.isoformat(), "last": last.isoformat()}
    for row in rows:
        row["cells"] = _cells(row["sums"], link | {"key": row["key"] if row["key"] is not None else "None"})
    total = figures.total(found)
    weeks = figures.table(found, "week")
    return render(request, "agreements/figures/index.html", {
        "section": "figures", "form": form, "by": by, "by_name": BY[by], "choices": BY.items(), "rows": rows,
        "heads": heads, "total": _cells(total, link), "sums": total, "first": first, "last": last,
        "chart": _chart(weeks, "recovered", None), "kept_chart": _chart(weeks, "kept", "due"),
        "query": urlencode(link), "looked": figures.LOOKED, "cohorts": figures.cohorts(request.user, now),
        "months": range(1, figures.MONTHS + 1), "choose": urlencode({k: v for k, v in link.items() if k != "by"}),
    })  # fmt: skip


@require_GET
@access.role_required(*access.OFFICE)
def cases(request: HttpRequest) -> HttpResponse:
    """?figure=kept and, for one row of a table, &by=team&key=3: the cases behind a figure."""
    now, figure = timezone.now(), request.GET.get("figure", "")
    by, first, last = _asked(request, Period(request.GET), now)
    if figure not in WORDS:
        raise Http404
    key = request.GET.get("key", "")
    found = figures.behind(figures.items(request.user, first, last, now), figure, by if key else "", key)
    export = request.GET.get("format") in TYPES
    if export and (asked := step_up.ask(request)):
        return asked
    named = Case.objects.filter(pk__in={item.case for item in found}).select_related("creditor")
    named = {case.pk: case for case in named.prefetch_related("parties")}
    rows = [(item, named[item.case]) for item in (found if export else found[:SHOWN])]
    if export:
        lines = [[case.contract_number, case.creditor.name, item.on, item.n / 100 if figure == "recovered" else item.n]
                 for item, case in rows]  # fmt: skip
        heads = [_("Contract"), _("Creditor"), _("Day"), str(WORDS[figure])]
        return _file(request, f"{figure}-{first}-{last}", [heads, *lines])
    shown = [{"item": item, "case": case, "name": next((p.name for p in case.parties.all() if p.role == "debtor"), "")}
             for item, case in rows]  # fmt: skip
    query = {k: v for k, v in request.GET.items() if k in ("figure", "by", "key", "first", "last")}
    return render(request, "agreements/figures/cases.html", {
        "section": "figures", "rows": shown, "word": WORDS[figure], "money": figure == "recovered", "n": len(found),
        "shown": SHOWN, "first": first, "last": last, "query": urlencode(query),
        "back": f"{reverse('figures')}?{urlencode({'by': by, 'first': first, 'last': last})}",
    })  # fmt: skip


WORDS = {
    "visits": gettext_lazy("Visits"), "met": gettext_lazy("Visits that met somebody"),
    "due": gettext_lazy("Promises that are over"), "kept": gettext_lazy("Promises kept"),
    "signed": gettext_lazy("Plans signed"), "in_force": gettext_lazy("Plans in force"),
    "performing": gettext_lazy("Plans performing"), "recovered": gettext_lazy("Payments"),
    "complaints": gettext_lazy("Complaints"), "looked": gettext_lazy("Visits weighed by the rules"),
    "flagged": gettext_lazy("Visits with a conduct flag"),
}  # fmt: skip


def _asked(request, form, now) -> tuple[str, date, date]:
    """What was asked for; the last twelve weeks where nothing readable was."""
    by = request.GET.get("by", "team")
    today = timezone.localdate(now)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    last = said.get("last") or today
    return by if by in BY else "team", said.get("first") or last - timedelta(days=83), last


def _cells(sums: dict, link: dict) -> list[dict]:
    """One a column: what is shown, of how many, and the address of its cases."""
    cells = []
    for name, of, per in figures.COLUMNS:
        share = figures.ratio(sums, of, per) if per else None
        cells.append({
            "name": name, "n": sums.get(of, 0), "per": sums.get(per, 0) if per else None, "money": of == "recovered",
            "share": None if share is None else f"{share:.1f}", "rate": name == "complaint_rate",
            "href": f"{reverse('figure-cases')}?{urlencode(link | {'figure': of})}",
        })  # fmt: skip
    return cells


def _plain(sums: dict) -> list:
    """As numbers for a spreadsheet: shares in hundredths, money in yuan."""
    line = []
    for _name, of, per in figures.COLUMNS:
        share = figures.ratio(sums, of, per) if per else None
        line.append(("" if share is None else round(share, 1)) if per else
                    sums.get(of, 0) / 100 if of == "recovered" else sums.get(of, 0))  # fmt: skip
    return line


def _chart(weeks: list[dict], of: str, per: str | None) -> dict:
    """Columns of a chart 1152 × 120, whole numbers, ready to draw; none where a picture would say nothing."""
    values = [(row["key"], (figures.ratio(row["sums"], of, per) if per else row["sums"].get(of, 0))) for row in weeks]
    values = [(week, value) for week, value in values if value is not None]
    top = max((value for _week, value in values), default=0) if per is None else 100
    wide = 1152 // max(len(values), 1)
    bars = [{"x": n * wide + 2, "y": 120 - high, "w": max(wide - 4, 2), "h": high, "week": week,
             "n": value if per is None else f"{value:.0f}%"}
            for n, (week, value) in enumerate(values) for high in [max(round(100 * value / top), 0) if top > 0 else 0]]
    bars = bars if len(bars) > 1 and top > 0 else []
    return {"bars": bars, "money": per is None, "top": top}  # fmt: skip


def _file(request, name: str, rows) -> HttpResponse:
    """Who took it away is written to the server's log, without what is in it."""
    kind, stream = request.GET["format"], io.BytesIO()
    if kind == "csv":
        tables.write_csv(stream, rows)
    else:
        tables.write_xlsx(stream, rows, title=name)
    logger.info("exported %s.%s by user %s", name, kind, request.user.pk)
    response = HttpResponse(stream.getvalue(), content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
