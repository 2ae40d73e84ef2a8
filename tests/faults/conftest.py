"""The fault table: every test of this folder counts its runs; the end of the session prints what was lost or doubled.

row = tally("A1", "faults at the socket")       # one line of the table; several tests may add to the same one
row.run(lost=0, doubled=0)                      # after each run
SEED=… repeats a sample, SOAK=1 runs the full forms.
"""

import os
import random
import time
from dataclasses import dataclass, field

import pytest

HEAD = ("id", "what", "runs", "lost", "doubled", "seconds", "seed")


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "faults":
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def soak():
    return os.environ.get("SOAK") == "1"


@pytest.fixture(scope="session")
def seed():
    return int(os.environ.get("SEED", "20261124"))


@pytest.fixture
def rng(seed, request):
    """A generator of this test's own: the same seed gives the same sample whatever else runs."""
    return random.Random(f"{seed} {request.node.nodeid}")


@dataclass
class Row:
    id: str
    what: str
    seed: int
    runs: int = 0
    lost: int = 0
    doubled: int = 0
    notes: str = ""
    began: float = field(default_factory=time.monotonic)

    def run(self, *, lost=0, doubled=0, runs=1):
        self.runs += runs
        self.lost += lost
        self.doubled += doubled

    def line(self):
        seconds = round(time.monotonic() - self.began, 1)
        return self.id, self.what, self.runs, self.lost, self.doubled, seconds, self.seed, self.notes


@pytest.fixture
def tally(request, seed):
    """tally(id, what) → a Row; the time counts from here."""
    rows = []

    def row(id, what):
        rows.append(Row(id, what, seed))
        return rows[-1]

    yield row
    for each in rows:
        request.node.user_properties.append(("fault", each.line()))


def pytest_terminal_summary(terminalreporter):
    """One line for each id, whatever worker its tests ran in."""
    table = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "teardown":
                continue
            for name, line in report.user_properties:
                if name == "fault":
                    id, what, *numbers, seconds, seed, notes = line
                    known = table.setdefault(id, [id, what, 0, 0, 0, 0.0, seed, ""])
                    for place, number in enumerate([*numbers, seconds], 2):
                        known[place] = round(known[place] + number, 1)
                    known[7] = " ".join(filter(None, [known[7], notes]))
    if not table:
        return
    terminalreporter.write_sep("=", "faults")
    lines = [HEAD, *sorted(table.values())]
    widths = [max(len(str(line[place])) for line in lines) for place in range(7)]
    for line in lines:
        cells = [str(cell) for cell in line[:7]]
        words = [cells[n].ljust(widths[n]) if n < 2 else cells[n].rjust(widths[n]) for n in range(7)]
        terminalreporter.write_line("  ".join([*words, *line[7:]]).rstrip())
