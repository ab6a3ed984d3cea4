#!/usr/bin/env python3
"""Writes THIRD-PARTY.md: every crate that a binary may contain, its licence, and the licence texts as its authors ship them."""
import hashlib, json, pathlib, re, subprocess

top = pathlib.Path(__file__).resolve().parent.parent
data = json.loads(subprocess.run(
    ["cargo", "metadata", "--format-version", "1", "--locked"], cwd=top, check=True, capture_output=True).stdout)
packages = {p["id"]: p for p in data["packages"]}
nodes = {n["id"]: n for n in data["resolve"]["nodes"]}
wanted, queue = set(), [data["resolve"]["root"]]
while queue:
    here = queue.pop()
    for dep in nodes[here]["deps"]:
        if any(kind["kind"] in (None, "build") for kind in dep["dep_kinds"]) and dep["pkg"] not in wanted:
            wanted.add(dep["pkg"])
            queue.append(dep["pkg"])
rows, texts = [], {}
for package in sorted((packages[i] for i in wanted), key=lambda p: (p["name"], p["version"])):
    rows.append((package["name"], package["version"], package["license"] or "see its files"))
    folder = pathlib.Path(package["manifest_path"]).parent
    for file in sorted(folder.iterdir()):
        if file.is_file() and re.match(r"(?i)(licen[cs]e|copying|unlicense|notice|copyright)", file.name) and file.suffix.lower() in ("", ".md", ".txt", ".apache", ".mit"):
            text = file.read_text(errors="replace").replace("\r\n", "\n").strip()
            if "Apache License" in text and "Version 2.0" in text and len(text) > 8000:
                continue  # in LICENSE-APACHE
            key = hashlib.sha256(re.sub(r"\s+", " ", text).encode()).hexdigest()
            texts.setdefault(key, (text, []))[1].append(package["name"])
out = ["# Third-party licences", "",
       "Spanwright is made with these crates. `python3 tests/third-party.py` writes this file; a test compares it with `Cargo.lock`.",
       "The Apache License 2.0 is in [LICENSE-APACHE](LICENSE-APACHE); the licences of the fonts lie beside them in `src/app/fonts/`.", "",
       "| crate | version | licence |", "|---|---|---|"]
out += [f"| {name} | {version} | {licence} |" for name, version, licence in rows]
for text, names in sorted(texts.values(), key=lambda entry: entry[1]):
    out += ["", "## " + ", ".join(sorted(set(names))), "", "```text", text, "```"]
(top / "THIRD-PARTY.md").write_text("\n".join(out) + "\n")
print(f"{len(rows)} crates, {len(texts)} texts")
