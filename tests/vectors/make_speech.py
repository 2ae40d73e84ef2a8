"""Writes speech.json: what people type, with the words that both engines must find in it.

    python -m tests.vectors.make_speech

The answers are written here by hand: (text, [(row, words)]). The rules travel along, for JavaScript reads no TOML.
"""

import json
from pathlib import Path

from fieldvisit.rules import speech

STORIES = [
    ("", []),
    ("您可以随时打电话告诉我们您的情况。", []),
    ("He says he will pay 500 on the 5th. Nothing else.", []),
    ("这是最后通牒", [("S2", "最后通牒")]),
    ("这 是\n最 后 通 牒", [("S2", "最后通牒")]),
    ("不还钱就别想安宁，别怪我们不客气！", [("S2", "别怪我们不客气")]),
    ("他是老赖", [("S2", "老赖")]),
    ("This is our ＦＩＮＡＬ  WARNING.", [("S2", "final warning")]),
    ("You will end up in jail.", [("F7", "jail")]),
    ("再不还就jail", [("F7", "jail"), ("S2", "不还就")]),
    ("The mailbox is imprisonally blue", []),
    ("欠债不是犯罪。", []),
    ("欠债不是犯罪，不过可以坐牢。", [("F7", "坐牢")]),
    ("It is not a crime, but the police will come.", [("F7", "police"), ("S1", "police will come")]),
    ("我们会通知您的单位", [("F6", "通知您的单位")]),
    ("我们不会通知您的单位", []),
    ("We will tell your em\u00adployer and neighbours.", [("F6", "tell your employer and neighbour")]),
    ("法院会上门找您", [("S1", "法院会上门找您")]),
    ("We send a lawyer's letter. Or not.", [("S1", "lawyer's letter")]),
    ("Owes 3.5 thousand; no collection fee, and a visit charge of 20", [("F5", "visit charge")]),
    ("不收催收费、上门费。", []),
    ("另收上门费", [("F5", "上门费")]),
    ("不还，房子归债权人所有", [("F2", "归债权人所有")]),
    ("您不得投诉", [("F8", "不得投诉")]),
    ("You may not complain. The home becomes ours.", [("F2", "home becomes"), ("F8", "may not complain")]),
]


def main():
    vectors = []
    for text, expected in STORIES:
        found = speech.typed(text)
        assert sorted(found) == sorted(expected), (text, found, expected)
        vectors.append({"text": text, "found": found})
    whole = {"rules": speech.for_people(), "vectors": vectors}
    Path(__file__).with_name("speech.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    print(len(vectors), "texts")


if __name__ == "__main__":
    main()
