"""CoNLL-U: what was exported is read by the conllu library and by spaCy's converter; what the library writes comes in."""

import json
import sys
from pathlib import Path

# This file has the library's name.
here = str(Path(__file__).resolve().parent)
sys.path = [path for path in sys.path if str(Path(path or ".").resolve()) != here] + [here]
own = sys.modules.pop("conllu", None)
import conllu as library  # noqa: E402

if own is not None:
    sys.modules["conllu"] = own
from spacy.training.converters import conllu_to_docs  # noqa: E402

SPACES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "p": "|", "\\": "\\"}


def plain(text):
    out, rest = [], iter(text)
    for character in rest:
        out.append(SPACES[next(rest)] if character == "\\" else character)
    return "".join(out)


def rebuilt(sentences):
    """The text and the tagged spans of a document, from what the library read."""
    text, spans, gap = "", [], ""
    for sentence in sentences:
        for token in sentence:
            misc = token["misc"] or {}
            if not isinstance(token["id"], int):
                gap = plain(misc.get("SpacesAfter", ""))
                continue
            text += gap + plain(misc.get("SpacesBefore", ""))
            start = len(text)
            text += token["form"]
            letter, _, label = (misc.get("NER") or "O").partition("-")
            if letter == "B":
                spans.append([label, start, len(text)])
            elif letter == "I":
                assert spans and spans[-1][0] == label, f"I-{label} goes on nothing"
                spans[-1][2] = len(text)
            gap = "" if misc.get("SpaceAfter") == "No" else plain(misc.get("SpacesAfter", "\\s"))
    return text + gap, {tuple(span) for span in spans}


def check(folder, stress):
    folder = Path(folder)
    content = (folder / "out.conllu").read_text(encoding="utf-8")
    losses = [json.loads(line) for line in (folder / "losses.jsonl").read_text(encoding="utf-8").split("\n") if line]
    lost = {(loss["document"], loss["item"]) for loss in losses}

    documents = []
    for sentence in library.parse(content):
        if "newdoc id" in sentence.metadata:
            documents.append((sentence.metadata["newdoc id"], []))
        documents[-1][1].append(sentence)
    assert len(documents) == len(stress), f"conllu reads {len(documents)} documents, not {len(stress)}"
    for document, (name, sentences) in zip(stress, documents):
        text, found = rebuilt(sentences)
        assert name == document["id"], f"{name} is not {document['id']}"
        assert text == document["text"], f"{name}: {text!r} is not {document['text']!r}"
        spans = [span for layer in document["layers"] for span in layer["spans"]]
        kept = [span for span in spans if (name, span["id"]) not in lost]
        wanted = {(span["label"], s, e) for span in kept for s, e in span["ranges"]}
        assert wanted <= found, f"{name}: {wanted - found} not in {found}"
        assert len(kept) < len(spans) or wanted == found, f"{name}: {found} is not {wanted}"

    # spaCy knows neither documents nor white space; its labels are capitals.
    sentences = [sentence for _, sentences in documents for sentence in sentences]
    docs = list(conllu_to_docs(content, n_sents=1, no_print=True))
    docs = [doc for doc in docs if doc is not None and len(doc)]
    full = [sentence for sentence in sentences if any(isinstance(token["id"], int) for token in sentence)]
    assert len(docs) == len(full), f"spaCy reads {len(docs)} sentences, not {len(full)}"
    for doc, sentence in zip(docs, full):
        words = [token for token in sentence if isinstance(token["id"], int)]
        assert [token.text for token in doc] == [token["form"] for token in words], sentence.metadata
        tags = [(token["misc"] or {}).get("NER", "O") for token in words]
        starts = [index for index, tag in enumerate(tags) if tag[0] == "B"]
        expected = set()
        for start in starts:
            end = start + 1
            while end < len(tags) and tags[end][0] == "I":
                end += 1
            expected.add((tags[start][2:].upper(), start, end))
        found = {(ent.label_, ent.start, ent.end) for ent in doc.ents}
        assert found == expected, f"{sentence.metadata}: {found} is not {expected}"


def make(folder):
    """Sentences as the library serialises them, beside `expected.jsonl`."""
    folder = Path(folder)
    documents = [
        ("a 👍", [[("👩‍👩‍👧", "O", " "), ("met", "O", "  "), ("Лена", "B-PER", ""), ("Иванова", "I-PER", "\n\n")], [("אמר", "B-LOC", ""), (".", "O", "")]]),
        ("b", [[("東京", "B-LOC", ""), ("タワー", "I-LOC", " "), ("cafe\u0301", "B-ORG", " "), ("a|b", "B-ORG", "\t")], [("best\u200bEnd", "B-x", "\n")]]),
    ]
    sentences, lines = [], []
    for name, parts in documents:
        text, spans, first = "", [], True
        for number, words in enumerate(parts, 1):
            tokens = []
            for index, (word, tag, gap) in enumerate(words, 1):
                misc = {}
                if tag != "O":
                    misc["NER"] = tag
                if gap == "":
                    misc["SpaceAfter"] = "No"
                elif gap != " ":
                    escapes = {value: "\\" + key for key, value in SPACES.items()}
                    misc["SpacesAfter"] = "".join(escapes.get(character, character) for character in gap)
                row = dict.fromkeys(library.parser.DEFAULT_FIELDS)
                row.update(id=index, form=word, misc=misc or None)
                tokens.append(library.Token(row))
                if tag[0] == "B":
                    spans.append({"start": len(text), "end": len(text) + len(word), "label": tag[2:]})
                elif tag[0] == "I":
                    spans[-1]["end"] = len(text) + len(word)
                text += word + gap
            metadata = {"newdoc id": name} if first else {}
            first = False
            sentences.append(library.TokenList(tokens, library.Metadata({**metadata, "sent_id": f"{name[0]}-{number}"})))
        lines.append({"id": name, "text": text, "spans": spans})
    with (folder / "made.conllu").open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(sentence.serialize() for sentence in sentences)
    with (folder / "expected.jsonl").open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
