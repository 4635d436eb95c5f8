"""Sets one document, in a process of its own: JSON comes in, a PDF or the reason why not goes out.

It imports nothing of Tierline, is started with `python -I`, and reads no file but its templates and fonts. The process
that waits for it ends it after its time.
"""

import json
import resource
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
TEMPLATES = _HERE / "templates"
FONTS = _HERE / "fonts"
_MEMORY_BYTES = 4 * 2**30
NOT_SET = 3
"""Exit code where the document could not be set; the reason is on standard error."""


def main() -> int:
    """Reads `{"template", "document", "timestamp"}` from standard input and writes a PDF to standard output."""
    import typst

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    asked = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    try:
        made = typst.compile(
            str(TEMPLATES / f"{asked['template']}.typ"),
            root=str(TEMPLATES),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"document": json.dumps(asked["document"], ensure_ascii=False)},
            pdf_standards=["ua-1"],
            package_path=str(TEMPLATES / "packages"),
            package_cache_path=str(TEMPLATES / "packages"),
            timestamp=asked["timestamp"],
        )
    except typst.TypstError as error:
        sys.stderr.write(error.message)
        return NOT_SET
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
