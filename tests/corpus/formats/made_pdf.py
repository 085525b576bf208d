"""PDFs for tests: written by hand, a stream of text operators a page, or printed by Chromium."""

import random
import subprocess
import zlib

from tests.conftest import FLAGS

PLACES = "bridge harbour station library market hospital railway council school museum theatre airport".split()
VERBS = "opened closed moved expanded reopened burned flooded voted merged promised".split()
REASONS = "engineers found cracks;the river rose;visitors complained;a survey ended;money ran out;the mayor resigned;workers returned".split(";")


def sentences(count, seed=1):
    """Sentences of which no two are alike, 40 to 120 characters long."""
    draw = random.Random(seed)
    return [
        f"The {draw.choice(PLACES)} number {number} {draw.choice(VERBS)} {draw.choice(('quietly', 'again', 'on Monday', 'two years later'))} after "
        f"{draw.choice(REASONS)}{draw.choice(('', ', as the office had expected for months', ' and nobody was hurt'))}."
        for number in range(1, count + 1)
    ]


def wrapped(text, characters):
    """The lines of a text of at most so many characters."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > characters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def shown(text, left, bottom, size=10, matrix="1 0 0 1"):
    """The operators that show a line."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {matrix} {left} {bottom} Tm ({escaped}) Tj ET\n"


def written(pages, catalogue="", page="", information="", resources="", objects=()):
    """A PDF with a page for each stream of operators; the other arguments go into its dictionaries, `objects` behind, from number 5 on."""
    first = 5 + len(objects)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {information} >>".encode("latin-1"),
        *objects,
    ]
    for at, operators in enumerate(pages):
        data = zlib.compress(operators.encode("latin-1"))
        bodies += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> {resources} >> "
            f"/Contents {first + 2 * at + 1} 0 R {page} >>".encode(),
            f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n".encode() + data + b"\nendstream",
        ]
    made = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def printed(chromium, html, folder):
    """What Chromium prints of a page, with its own head and foot on each sheet."""
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_text(html, encoding="utf-8")
    command = [chromium, "--headless", *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target.read_bytes()
