#!/usr/bin/env python3
"""Write into packages below which score they are guessing, and the folder's SHA256SUMS.

    python calibrate.py --lowest-score 0.9 translate-zh_en.argosmodel …

The score is the mean probability of a sentence's word pieces. These models are nearly certain (above 0.95) of what they were
taught, and much less of anything else; models that are trained on free text are never so sure.
"""

import argparse
import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path


def calibrated(package: bytes, lowest_score: float) -> bytes:
    """The same package with "lowest_score" in its metadata.json; equal content gives equal bytes."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("/metadata.json"):
                content = json.dumps(json.loads(content) | {"lowest_score": lowest_score}, indent=2).encode()
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
    return written.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lowest-score", type=float, required=True)
    parser.add_argument("packages", type=Path, nargs="+")
    arguments = parser.parse_args()
    for file in arguments.packages:
        file.write_bytes(calibrated(file.read_bytes(), arguments.lowest_score))
    folder = arguments.packages[0].parent
    sums = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(folder.glob("*.argosmodel"))
    ]
    (folder / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main()
