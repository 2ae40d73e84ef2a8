"""python -m agreements.check BUNDLE: is this evidence bundle genuine? No server, no network, no settings, no database.

Exit 0 and "genuine", or exit 1 and the first thing that is not. What the bundle says of keys and roots is its own word:
compare the printed fingerprints with the creditor's, or give them by --key, --seal-roots and --timestamp-roots.
"""

import argparse
import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from fieldvisit import wire

from . import pades
from .rules import document, merkle, offer, schedule, wording, zipped

FIRST = "0" * 64
ENTRY = ("seq", "at", "actor", "action", "object", "payload_sha256", "prev")
OWN = ("manifest.json", "manifest.sig.json")


class Wrong(Exception):
    """The first thing that does not hold: the file, and why."""

    def __init__(self, place: str, why: str):
        super().__init__(f"{place}: {why}")
        self.place, self.why = place, why


@dataclass
class Bundle:
    """`files`: all but photos, which are only hashed. `facts`: what is printed of a genuine one."""

    manifest: dict
    files: dict
    hashes: dict
    roots: list
    timestamp_roots: list
    events: dict = field(default_factory=dict)
    entries: list = field(default_factory=list)
    facts: list = field(default_factory=list)

    def said(self, name: str):
        """A file as the JSON that it must canonically be."""
        if name not in self.files:
            raise Wrong(name, "is not there")
        try:
            return wire.parse(self.files[name])
        except wire.Broken:
            raise Wrong(name, "is not canonical JSON") from None


def check(
    path: Path, *, key: str = "", seal_roots: Path | None = None, timestamp_roots: Path | None = None
) -> list[str]:
    """What is to be said of a genuine bundle. Raises Wrong, and OSError where `path` cannot be read."""
    with TemporaryDirectory() as folder, open(path, "rb") as file:
        bundle = _opened(file, key)
        for name, given in (("seal", seal_roots), ("timestamp", timestamp_roots)):
            inside = Path(folder) / f"{name}.pem"
            inside.write_bytes(bundle.files.get(f"trust/{name}-roots.pem", b""))
            (bundle.roots if name == "seal" else bundle.timestamp_roots).append(given or inside)
        try:
            for step in (_record, _checkpoint, _events, _photos, *map(_Agreement, bundle.manifest["agreements"])):
                step(bundle)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            # signed, and still of another form than this program knows
            raise Wrong("manifest.json", f"names what this program cannot read ({type(error).__name__})") from error
        return bundle.facts


def _opened(file, key: str) -> Bundle:
    files, hashes = {}, {}
    try:
        for name, content in zipped.read(file):
            if name in hashes:
                raise Wrong(name, "stands there twice")
            hashes[name] = hashlib.sha256(content).hexdigest()
            if not name.startswith("photos/"):
                files[name] = content
    except zipped.Altered as altered:
        after = f"after {list(hashes)[-1]}" if hashes else "at its beginning"
        raise Wrong("the ZIP file", f"was altered {after} (byte {altered.at} and on)") from None
    bundle = Bundle({}, files, hashes, [], [])
    signed, manifest = bundle.said("manifest.sig.json"), bundle.said("manifest.json")
    try:
        public = wire.unb64url(signed["public_key"])
        good = set(signed) == {"public_key", "sig"} and wire.signed_by(
            public, files["manifest.json"], wire.unb64url(signed["sig"]))  # fmt: skip
    except (KeyError, TypeError, wire.Broken):
        good = False
    if not good:
        raise Wrong("manifest.json", "is not signed by the key in manifest.sig.json")
    own = wire.key_id(public)
    if own != manifest["key_id"] or (key and key.lower() != own):
        raise Wrong("manifest.sig.json", f"is of the key {own}, which is another")
    named = {each["name"]: each for each in manifest["files"]}
    for name in hashes:
        if name not in OWN and name not in named:
            raise Wrong(name, "is not named in manifest.json")
    for name, each in named.items():
        if hashes.get(name) != each["sha256"]:
            raise Wrong(name, "is not there" if name not in hashes else "was altered")
    bundle.manifest = manifest
    bundle.facts = [f"Exported {manifest['at']} by {manifest['by']}; {len(named)} files.", f"Signed by the key {own}."]
    bundle.facts += [f"Was not there when it was exported: {name}" for name in manifest["missing"]]
    return bundle


def _record(bundle: Bundle) -> None:
    said, name, prev = bundle.said("record.json"), "record.json", FIRST
    bundle.entries = said["entries"]
    if said["case"] != bundle.manifest["case"] or len(bundle.entries) != bundle.manifest["entries"]:
        raise Wrong(name, "is the record of another case, or not all of it")
    for n, entry in enumerate(bundle.entries, start=1):
        digest = hashlib.sha256(b"\x00" + wire.canonical({of: entry[of] for of in ENTRY})).hexdigest()
        if entry["seq"] != n or entry["prev"] != prev or entry["hash"] != digest:
            raise Wrong(name, f"entry {n} does not follow the one before it, or was altered")
        detail = entry["detail"]
        if detail:
            salted = wire.unb64url(detail["salt"]) + wire.canonical(detail["payload"])
            if hashlib.sha256(salted).hexdigest() != entry["payload_sha256"]:
                raise Wrong(name, f"what entry {n} speaks of was altered")
        prev = digest
    bundle.facts.append(f"The record's {len(bundle.entries)} entries follow one another.")


def _checkpoint(bundle: Bundle) -> None:
    name, proof = "checkpoint/inclusion.json", bundle.said("checkpoint/inclusion.json")
    said = bundle.said("checkpoint/checkpoint.json")
    body, public = said["body"], wire.unb64url(said["public_key"])
    raw = wire.canonical(body)
    signed = wire.key_id(public) == body["key_id"] and wire.signed_by(public, raw, wire.unb64url(said["sig"]))
    if not signed or body["schema"] != "checkpoint/1":
        raise Wrong("checkpoint/checkpoint.json", "is not signed by the key it names")
    if proof["case"] != bundle.manifest["case"] or bundle.entries[proof["seq"] - 1]["hash"] != proof["hash"]:
        raise Wrong(name, "speaks of another record")
    leaf = merkle.leaf(wire.canonical({of: proof[of] for of in ("case", "seq", "hash")}))
    path, root = [bytes.fromhex(step) for step in proof["path"]], bytes.fromhex(body["root"])
    if proof["size"] != body["size"] or not merkle.included(leaf, proof["place"], body["size"], path, root):
        raise Wrong(name, "does not lead to the root of the checkpoint")
    bundle.facts.append(f"Entries 1 to {proof['seq']} stand in checkpoint {body['size']}, root {body['root']}.")
    if said["time"]:
        token = wire.unb64url(said["time"]["token"])
        at = pades.attested(token, hashlib.sha256(raw).digest(), roots=bundle.timestamp_roots)
        if at is None:
            raise Wrong("checkpoint/checkpoint.json", "the authority's time over it does not hold")
        bundle.facts.append(f"That checkpoint stood at {at.isoformat()}, by {said['time']['authority']}.")
    else:
        bundle.facts.append("No authority's time stands over that checkpoint yet.")


def _signed(event: dict, place: str) -> None:
    raw, public = wire.canonical(event["event"]), wire.unb64url(event["device_public_key"])
    if wire.sha256(raw) != event["sha256"] or not wire.signed_by(public, raw, wire.unb64url(event["signature"])):
        raise Wrong(place, f"event {event['event'].get('id')} is not as the phone signed it")


def _stated(said: dict) -> bool:
    """Did the key that it names sign this confirmation/1?"""
    body = {name: value for name, value in said.items() if name not in ("sig", "public_key")}
    public = wire.unb64url(said["public_key"])
    return wire.key_id(public) == said["key_id"] and wire.signed_by(
        public, wire.canonical(body), wire.unb64url(said["sig"])
    )


def _events(bundle: Bundle) -> None:
    for visit in bundle.manifest["visits"]:
        name = f"visits/{visit}/events.json"
        for event in bundle.said(name):
            _signed(event, name)
            bundle.events[event["event"]["event_id"]] = event["event"]
        name = f"visits/{visit}/positions.json"
        for row in bundle.said(name):
            told = bundle.events.get(row["event"])
            if told is None or (row["lat_e7"] is not None and not _holds(told["body"], row)):
                raise Wrong(name, "says a position that no event says")
    bundle.facts.append(f"{len(bundle.events)} events are as the phones signed them.")


def _holds(value, row: dict) -> bool:
    if isinstance(value, dict):
        if all(value.get(of) == row[of] for of in ("lat_e7", "lon_e7")):
            return True
        value = list(value.values())
    return isinstance(value, list) and any(_holds(each, row) for each in value)


def _photos(bundle: Bundle) -> None:
    told = [event for event in bundle.events.values() if event["type"].startswith("visit.photo/")]
    named = {blob["sha256"] for event in told for blob in event["blobs"]}
    photos = [name for name in bundle.hashes if name.startswith("photos/") and not name.endswith("-shown.jpg")]
    for name in photos:
        digest = bundle.hashes[name]
        if Path(name).stem != digest or digest not in named:
            raise Wrong(name, "is not the photo that the phone signed")
    bundle.facts.append(f"{len(photos)} photos are those that the phones signed.")


class _Agreement:
    """Terms, text, signatures, evidence and paper of one agreement."""

    def __init__(self, agreement_id: str):
        self.id, self.folder = agreement_id, f"agreements/{agreement_id}"

    def __call__(self, bundle: Bundle) -> None:
        said = bundle.said(f"{self.folder}/terms.json")
        doc, signed = said["agreement"], said["signatures"]
        self._terms(bundle, doc, signed, said["terms_sha256"])
        proposed = [e for e in bundle.events.values() if e["body"].get("agreement") == doc]
        taken = [e["body"].get("signature") for e in bundle.events.values()]
        if not proposed or doc["agreement_id"] != self.id or not all(each in taken for each in signed):
            raise Wrong(f"{self.folder}/terms.json", "is not what the phone signed")
        if bundle.said(f"{self.folder}/strokes.json") != [{k: s.get(k) for k in ("signer", "strokes")} for s in signed]:
            raise Wrong(f"{self.folder}/strokes.json", "is not what was drawn")
        code = document.check_code(said["terms_sha256"])
        bundle.facts.append(f"Agreement {said['number']}: check code {code}, {len(signed)} signed it; {said['state']}.")
        if f"{self.folder}/evidence.json" in bundle.hashes or f"{self.folder}/paper.pdf" in bundle.hashes:
            self._evidence(bundle, doc)
            self._paper(bundle)

    def _terms(self, bundle, doc, signed, terms_sha256) -> None:
        place = f"{self.folder}/terms.json"
        for part in ("clauses", "rights_card"):
            name = f"clauses/{doc[part]['id']}-{doc[part]['version']}.json"
            if wire.sha256(bundle.files.get(name, b"")) != doc[part]["sha256"]:
                raise Wrong(name, "are not the words that were signed")
        if document.terms_hash(doc, canonical=wire.canonical) != terms_sha256:
            raise Wrong(place, "the hash of the terms is another")
        if any(each["terms_sha256"] != terms_sha256 for each in signed):
            raise Wrong(place, "a signature is of other terms")
        if not offer.same(schedule.plan(doc["terms"]), doc["schedule"]):
            raise Wrong(place, "the plan does not follow from the terms")
        words = wire.parse(bundle.files[f"clauses/{doc['clauses']['id']}-{doc['clauses']['version']}.json"])
        if not offer.same(wording.render(words, wording.facts(doc)), doc["rendered_text"]):
            raise Wrong(place, "the text does not follow from the clauses")

    def _evidence(self, bundle, doc) -> None:
        name = f"{self.folder}/evidence.json"
        evidence = bundle.said(name)
        for event in evidence["events"]:
            _signed(event, name)
        given = evidence["offer"]
        public, raw = wire.unb64url(given["public_key"]), wire.canonical(given["body"])
        if wire.key_id(public) != given["key_id"] or not wire.signed_by(public, raw, wire.unb64url(given["sig"])):
            raise Wrong(name, "the offer is not signed by the key it names")
        for said in evidence.get("confirmations", []):
            if said["agreement_id"] != self.id or not _stated(said):
                raise Wrong(name, "a statement about the debtor's code is not the server's")
        if evidence["events"][0]["event"]["body"]["agreement"] != doc or doc["offer_sig"] != given["sig"]:
            raise Wrong(name, "is that of another agreement")
        if evidence.get("supersedes", {}).get("terms_sha256", doc["supersedes"]) != doc["supersedes"]:
            raise Wrong(name, "names another agreement as the one that it replaces")
        token = bundle.files.get(f"{self.folder}/evidence.token")
        digest = bytes.fromhex(bundle.hashes[name])
        if token and pades.attested(token, digest, roots=bundle.timestamp_roots) is None:
            raise Wrong(f"{self.folder}/evidence.token", "is no authority's time over the evidence")

    def _paper(self, bundle) -> None:
        name = f"{self.folder}/paper.pdf"
        verdict = pades.verify(bundle.files[name], roots=bundle.roots, timestamp_roots=bundle.timestamp_roots)
        if not verdict.ok:
            raise Wrong(name, f"the seal does not hold ({verdict.reason})")
        mine = [entry for entry in bundle.entries if entry["object"] == f"agreement:{self.id}" and entry["detail"]]
        lines = [entry["detail"]["payload"] for entry in mine]
        if any("evidence_sha256" in line for line in lines):
            if bundle.hashes[name] not in {line.get("pdf_sha256") for line in lines}:
                raise Wrong(name, "is not the paper that the record names")
            if bundle.hashes[f"{self.folder}/evidence.json"] not in {line.get("evidence_sha256") for line in lines}:
                raise Wrong(f"{self.folder}/evidence.json", "is not the evidence that the record names")
        at = verdict.signed_at.isoformat() if verdict.signed_at else "an unknown time"
        bundle.facts.append(f"Its paper is sealed by {verdict.signer}, {verdict.level}, at {at}.")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m agreements.check", description="Is an evidence bundle genuine?")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", default="", metavar="ID", help="the creditor's key, 16 hex digits")
    parser.add_argument("--seal-roots", type=Path, metavar="PEM", help="instead of those in the bundle")
    parser.add_argument("--timestamp-roots", type=Path, metavar="PEM", help="instead of those in the bundle")
    given = parser.parse_args(arguments)
    out = sys.stdout.write
    try:
        facts = check(given.bundle, key=given.key, seal_roots=given.seal_roots, timestamp_roots=given.timestamp_roots)
    except Wrong as wrong:
        out(f"NOT GENUINE 不真实\n{wrong}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{given.bundle} cannot be read: {error.strerror}.\n")
        return 2
    out("GENUINE 真实\n" + "".join(f"{fact}\n" for fact in facts))
    if not given.key:
        out("Whose key that is the bundle cannot prove: compare it with the creditor's, or give it by --key.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
