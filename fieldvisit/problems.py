"""Every refusal we can give: what happened, what is safe, what to do. Codes travel; sentences are for people."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Problem:
    sentence: str | Promise
    safe: str | Promise = ""
    do: str | Promise = ""


class Refused(Exception):
    """A verb's refusal. `code` is a key of PROBLEMS; `params` fill the braces of its sentences."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return sentence(self.code, **self.params)


PROBLEMS: dict[str, Problem] = {}


def add(problems: dict[str, Problem]) -> None:
    """For agreements: its codes stand in its own problems.py."""
    PROBLEMS.update(problems)


def sentence(code: str, **params) -> str:
    """One line for a person in the language now active: what happened, what is safe, what to do."""
    problem = PROBLEMS[code]
    parts = (str(problem.sentence), str(problem.safe), str(problem.do))
    return " ".join(part.format(**params) for part in parts if part)


# --- people
add(
    {
        "sign_in": Problem(_("You are not signed in."), _("Nothing is lost."), _("Sign in to go on.")),
        "sign_in.refused": Problem(
            _("Name, password and code do not fit together."),
            "",
            _("Check all three. A code works once; wait for the next one."),
        ),
        "sign_in.wait": Problem(_("Too many attempts."), "", _("Wait a minute, then try again.")),
        "not_found": Problem(_("This page is not there, or not for you.")),
        "forbidden": Problem(_("This is not part of your work."), "", _("Ask your supervisor if you need it.")),
    }
)

# --- cases
add(
    {
        "assign.not_a_collector": Problem(
            _("{name} is not a collector."), _("Nothing was changed."), _("Choose a collector.")
        ),
    }
)
