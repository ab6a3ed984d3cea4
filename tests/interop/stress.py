"""Documents in which everything happens that has ever gone wrong in a format. Written as Spanwright JSONL."""

import json


def document(name, text, spans, relations=(), **layer):
    """`spans`: (label, [(start, end), …]) or (label, [(start, end), …], attributes); offsets in code points."""
    made = []
    for number, span in enumerate(spans):
        label, ranges = span[0], [list(pair) for pair in span[1]]
        one = {"id": f"s{number}", "label": label, "ranges": ranges}
        one["quote"] = " ".join(text[start:end] for start, end in ranges)
        if len(span) > 2:
            one["attributes"] = span[2]
        made.append(one)
    links = [
        {"id": f"r{number}", "kind": kind, "from": f"s{start}", "to": f"s{end}"}
        for number, (kind, start, end) in enumerate(relations)
    ]
    rows = {"annotator": "ana", "status": "finished", "spans": made, "relations": links}
    rows.update(layer)
    return {"id": name, "text": text, "layers": [rows]}


def corpus():
    plain = "Mara Lind said: “We’re leaving.” Oslo, 3.5% up."
    return [
        document("01-plain", plain, [("entity", [(0, 9)]), ("quote", [(16, 32)]), ("entity", [(33, 37)])]),
        document("02-emoji", "👩‍👩‍👧 met Лена 👍🏽 in 東京タワー.", [("entity", [(0, 5)]), ("entity", [(10, 14)]), ("entity", [(21, 26)])]),
        document("03-marks", "cafe\u0301 x\u00a0y best\u200bEnd soft\u00adhyphen", [("entity", [(0, 5)]), ("entity", [(8, 9)]), ("entity", [(15, 18)]), ("event", [(19, 23)])]),
        document("04-lines", "One\n\nTwo  three\tfour\n five \n", [("boilerplate", [(0, 3)]), ("entity", [(5, 15)]), ("entity", [(16, 20)]), ("event", [(3, 9)])]),
        document("05-rtl", "אמר דוד “שלום” עכשיו. قال سامي.", [("entity", [(4, 7)]), ("quote", [(8, 14)]), ("entity", [(26, 30)])]),
        document("06-nested", "The mayor of Paris-based Acme-Corp spoke.", [("entity", [(0, 34)]), ("entity", [(13, 18)]), ("event", [(35, 40)]), ("quote", [(13, 24)])]),
        document("07-crossing", "alpha beta gamma delta", [("entity", [(0, 10)]), ("quote", [(6, 16)]), ("entity", [(11, 22)])]),
        document("08-pieces", "He picked it right up and left.", [("event", [(3, 9), (19, 21)]), ("entity", [(10, 12)])]),
        document("09-empty-layer", "Nothing here.", []),
        document("10-whole", "all", [("entity", [(0, 3)])]),
        document("11-same", "one two", [("entity", [(0, 3)]), ("event", [(0, 3)])]),
        document("12-inside", "Participants0 U.S. Kerry’s", [("entity", [(0, 12)]), ("entity", [(14, 18)]), ("entity", [(19, 24)])]),
        document("13-relations", "“Go,” said Lind to Berg.", [("quote", [(0, 5)], {"kind": "direct"}), ("entity", [(11, 15)], {"type": "person"}), ("entity", [(19, 23)])], [("speaker", 0, 1)], attributes={"usable": True}),
        document("14-signs", "# a | b : c <d> & \"e\" \\ ]]> {f}", [("entity", [(2, 3)]), ("quote", [(12, 15)]), ("event", [(18, 21)])]),
        document("15-separators", "a\u2028b\u0085c\ufeffd", [("entity", [(2, 3)]), ("entity", [(6, 7)])]),
        document("../../16 odd/name", "Outside", [("entity", [(0, 7)])]),
        document("CON", "Reserved", [("entity", [(0, 8)])]),
    ]


def write(path):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for one in corpus():
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
