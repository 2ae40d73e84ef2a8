"""The cost sheet (综合融资成本) as a table of the paper. What it says stands in clause c5a, which was signed."""

from agreements.paper import GREY, Block, text
from agreements.rules import cost_sheet, money
from agreements.tables import boxed, grid

CLAUSE = "c5a"
LATE = ("c5a.6", "c5a.7", "c5a.8")  # what paying late may add, and that nothing else is charged


def shown(agreement: dict) -> bool:
    """A paper of an older clause set has no sheet, and is drawn as it was."""
    return any(paragraph["clause"] == CLAUSE for paragraph in agreement["rendered_text"])


def table(agreement: dict, say: dict) -> list[Block]:
    """What is charged, how, at what rate, by whom; the sum and the yearly cost; where it was signed."""
    sheet, creditor = cost_sheet.sheet(agreement["terms"]), agreement["parties"]["creditor"]["name"]
    day_count = say[f"cost_{agreement['terms']['day_count']}"]
    interest = say["cost_interest_how"].format(day_count) if sheet.rate_ppm else say["free"]
    fees = money.yuan(sheet.fees_fen)
    rows = [
        [say["cost_interest"], interest, money.percent(sheet.rate_ppm), creditor, money.yuan(sheet.interest_fen)],
        [say["cost_fees"], say["cost_none"], "—", "—", fees],
    ]
    total = [say["cost_sum"], None, None, None, money.yuan(sheet.interest_fen + sheet.fees_fen)]
    head = [say[f"cost_{name}"] for name in ("item", "how", "rate", "by", "fen")]
    yearly = say["cost_yearly"].format(
        money.yuan(sheet.in_use_fen), money.percent(sheet.nominal_ppm), money.percent(sheet.effective_ppm)
    )
    gap = " " if agreement["language"] == "en" else ""
    late = gap.join(p["text"] for p in agreement["rendered_text"] if p["id"] in LATE)
    return [
        *grid(head, rows, widths=[26, 56, 16, 46, 26], aligns="llclr", total=total),
        boxed([yearly]),
        *text(say["cost_signed"].format(late), size=9, leading=1.5, colour=GREY, before=2),
    ]
