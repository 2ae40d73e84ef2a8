"""What each rule says of an act on a case at a time, with its citation: `explain_rules CASE --at 2026-11-24T22:05`."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from fieldvisit import conduct
from fieldvisit.flags import language, sentence_of, wall
from fieldvisit.models import Case
from fieldvisit.rules import conduct as engine

ACTS = ("plan", "visit", "call", "message", "letter", "sign", "promise", "terms", "third-party", "guarantor", "brief")


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("case", help="contract number or reference")
        parser.add_argument("--at", help="wall time where the debtor lives, 2026-11-24T22:05; now if it is not given")
        parser.add_argument("--act", action="append", choices=ACTS, help="visit, call and sign if none is given")
        parser.add_argument("--facts", default="{}", help='JSON of further facts, e.g. {"months": 61}')
        parser.add_argument("--pack", help="cn, us, gb, in, eu; the case's own if it is not given")
        parser.add_argument("--situation", default="{}", help="JSON laid over what is known: contacts …")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])

    def handle(self, *args, **options):
        case = self._case(options["case"])
        name = options["pack"] or case.jurisdiction
        pack = engine.pack(name)
        zone = ZoneInfo(pack["zone"])
        try:
            at = datetime.fromisoformat(options["at"]) if options["at"] else timezone.now()
            more, facts = json.loads(options["situation"]), json.loads(options["facts"])
        except ValueError as error:
            raise CommandError(f"Not understood: {error}") from None
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        with translation.override(options["language"]):
            for act in options["act"] or ("visit", "call", "sign"):
                self._explain(case, act, at, facts, more, name, zone)

    def _explain(self, case, act, at, facts, more, name, zone):
        channel = {"call": "call", "message": "message"}.get(act, "visit")
        pack, verdicts = conduct.weigh(case, act, at=at, name=name, facts=facts, **{"channel": channel} | more)
        said = {verdict.rule: verdict for verdict in verdicts}
        self.stdout.write(f"{act} · {wall(at, zone)} · {pack['id']}@{pack['version']} · {case.contract_number}")
        for rule, its in pack["rules"].items():
            if act not in its["acts"]:
                continue
            verdict = said.get(rule)
            effect = verdict.effect if verdict else "duty" if its["test"] == "duty" else "unknown"
            words = sentence_of(verdict, its) if verdict and effect != "ok" else _title(its)
            self.stdout.write(f"  {effect:8} {rule:18} {words}\n           {its['citation'][language()]}")

    def _case(self, named):
        found = list(Case.objects.filter(contract_number=named).select_related("creditor")[:2])
        found = found or list(Case.objects.filter(ref=named).select_related("creditor"))
        if len(found) != 1:
            why = f"{named} is not one case: use its reference." if found else f"There is no case {named}."
            raise CommandError(why)
        return found[0]


def _title(its):
    return its["say"][language()] if its["test"] == "duty" else its["title"][language()]
