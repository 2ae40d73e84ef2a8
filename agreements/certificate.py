"""The last pages of the sealed paper: what the server knows of how it was signed, and what was not done."""

from datetime import datetime

from agreements.fonts import spelled
from agreements.paper import GREY, Block, heading, text, together
from agreements.rules.signers import on_paper
from agreements.signature_block import moment, named
from agreements.tables import grid, plain
from agreements.words import code, labels


def pages(agreement: dict, signatures: list[dict], facts: dict) -> list[Block]:
    language = agreement["language"]
    say = labels(language)
    title = text(say["certificate"], size=20, bold=True, align="middle", leading=1.5, keep=True,
                 spacing=6 if language == "zh-hans" else 0)
    first = Block(title[0].height, title[0].draw, keep=True, fresh=True, mark=(say["certificate"], 0))
    return [
        first, *title[1:], *text(say["certificate_note"], colour=GREY, align="middle", keep=True),
        *heading(say["clocks"], level=1), *_clocks(facts, say, language),
        *heading(say["how"], level=1), *plain(_how(agreement, signatures, facts, say, language), size=9.5),
        *heading(say["hashes"], level=1), *plain(_hashes(facts, say, language), size=8.5),
        *together([*heading(say["verify_title"], level=1), *text(say["verify_how"], size=9.5, before=4),
                   *plain([(say["verify_url"], facts["verify_url"])], size=9.5)]),
    ]


def _offset(iso: str) -> str:
    return iso[-6:] if iso[-6] in "+-" else "+00:00"


def _clocks(facts, say, language):
    def at(iso):
        return f"{moment(iso, seconds=True)} {_offset(iso)}"

    rows = [[code(c["event"], language), *(at(c[name]) for name in ("device", "corrected", "received"))]
            for c in facts["clocks"]]
    stamp = _token_line(facts, say, at)
    blocks = grid([say["event"], say["device"], say["corrected_at"], say["received"]], rows,
                  widths=[30, 47, 47, 47], aligns="lccc", size=9)
    blocks += plain([(say["authority"], [stamp, say["authority_note"]])], size=9)
    for c in facts["clocks"][1:]:
        blocks += text(say["clock_sentence"].format(
            event=code(c["event"], language), device=moment(c["device"]), corrected=moment(c["corrected"]),
            received=moment(c["received"])), size=9.5, before=3)
    return blocks


def _token_line(facts, say, at) -> str:
    """The authority's time over the evidence, in the offset of the phone's clock like the others."""
    token = facts["timestamp"]
    if token is None:
        return say["pending"]
    zone = datetime.fromisoformat(facts["clocks"][0]["device"]).tzinfo
    here = datetime.fromisoformat(token["at"]).astimezone(zone).isoformat(timespec="seconds")
    return say["is"].format(at(here), spelled(token["authority"]))


def _how(agreement, signatures, facts, say, language):
    def listed(values):
        return say["semi"].join(spelled(code(v, language)) for v in values) or say["nothing"]

    collectors = (say["is"].format(spelled(c["name"]), code(c["role"], language)) for c in facts["collectors"])
    titles = {part["clause"]: part["heading"] for part in agreement["rendered_text"] if part["key"]}
    names, alone = named(agreement["parties"]), len(agreement["required_signers"]) == 1

    def signer(s):
        his = code(s["signer"]["role"], language)
        return his if alone else say["is"].format(his, names.get(s["signer"]["party"], ""))

    return [
        *((signer(s), _hand(s, titles, say, language, listed)) for s in signatures),
        (say["position"], _position(facts, say, language)),
        (say["collectors"], say["semi"].join(collectors)),
        (say["present"], listed(facts["present"])),
        *([(say["paper_check"], _paper_check(facts["paper_check"], facts, say))] if facts.get("paper_check") else []),
        *((say["confirmation"], _confirmation(each, facts, say, language)) for each in facts.get("confirmations", [])),
        (say["not_done"], listed(facts["not_done"])),
        (say["devices"], [str(d) for d in facts["device_ids"]] or say["nothing"]),
    ]


def _paper_check(seen, facts, say) -> str:
    zone = datetime.fromisoformat(facts["clocks"][0]["device"]).tzinfo
    at = moment(datetime.fromisoformat(seen["at"]).astimezone(zone).isoformat(timespec="seconds"))
    return say["paper_check_line"].format(by=spelled(seen["by"]), at=at)


def _confirmation(said, facts, say, language) -> str:
    """A code to the debtor's number, in the offset of the phone's clock like the others."""
    zone = datetime.fromisoformat(facts["clocks"][0]["device"]).tzinfo

    def at(iso):
        return moment(datetime.fromisoformat(iso).astimezone(zone).isoformat(timespec="seconds"), seconds=True)

    line = say["confirmed_line" if said["confirmed_at"] else "unconfirmed_line"]
    entered = {"at": at(said["confirmed_at"]), "way": code(said["way"], language)} if said["confirmed_at"] else {}
    return line.format(number=said["number"], sent=at(said["sent_at"]), tries=said["tries"], **entered)


def _hand(signature, titles, say, language, listed) -> list[str]:
    """What one signer was shown and for how long, how he drew, how he was known, what he agreed to."""
    if on_paper(signature):
        return [say["paper_line"].format(pages=signature["pages"], ink=code(signature["ink"], language),
                                         check=code(signature["signer"]["id_check"], language))]
    shown, strokes = signature["display"], signature["strokes"]
    times = [point[2] for stroke in strokes["data"] for point in stroke]
    seen = shown.get("key_ms", {})
    terms = [say["is"].format(title, _lasting(seen[name], say)) for name, title in titles.items() if name in seen]
    return [
        say["shown_line"].format(
            language=say["language_name"], w=shown["w"], h=shown["h"], font_px=shown["font_px"],
            end=say["yes" if shown["reached_end"] else "no"], time=_lasting(shown["visible_ms"], say)),
        *([say["key_line"].format(say["semi"].join(terms))] if terms else []),
        say["stroke_line"].format(
            n=len(strokes["data"]), points=len(times), time=_lasting(max(times, default=0), say, tenths=True),
            pointer=code(strokes["pointer"], language), check=code(signature["signer"]["id_check"], language)),
        say["agreed_line"].format(listed(signature["signer"]["consents"])),
    ]


def _position(facts, say, language):
    here = facts["position"]
    if here is None:
        why = facts["position_refused"]
        return say["refused_position"].format(code(why, language)) if why else say["no_position"]
    line = say["position_line"].format(lat=_degrees(here["lat_e7"]), lon=_degrees(here["lon_e7"]),
                                       accuracy=-(-here["accuracy_cm"] // 100))
    return line + (say["distance"].format(here["distance_m"]) if here["distance_m"] is not None else "")


def _degrees(e7: int) -> str:
    """Five decimals, about one metre, cut from the integer: no float rounds evidence."""
    whole, rest = divmod(abs(e7), 10**7)
    return f"{'-' if e7 < 0 else ''}{whole}.{rest // 100:05d}"


def _lasting(ms: int, say, tenths: bool = False) -> str:
    minutes, rest = divmod(ms, 60_000)
    if minutes:
        return say["minutes"].format(minutes, rest // 1000)
    return say["seconds"].format(f"{rest // 1000}.{rest % 1000 // 100}" if tenths else rest // 1000)


def _hashes(facts, say, language):
    def spaced(sha):
        return "  ".join(sha[i:i + 16] for i in range(0, len(sha), 16))

    pairs = [(say["terms"], spaced(facts["terms_sha256"])), (say["evidence"], spaced(facts["evidence_sha256"]))]
    if earlier := facts.get("supersedes"):
        pairs += [(say["replaced_terms"], spaced(earlier["terms_sha256"])),
                  (say["replaced_pdf"], spaced(earlier["pdf_sha256"]))]  # fmt: skip
    pairs += [(say["photo"].format(i), f"{spaced(p['sha256'])}　{spelled(p['caption'])}".rstrip())
              for i, p in enumerate(facts["photos"], 1)]
    return pairs + [(code(e["type"], language), spaced(e["sha256"])) for e in facts["events"]]
