"""Reports: notebooks run, and made PDF and .xlsx."""

import sys

# before any module here imports nbformat: jsonschema, which that imports, would build a grammar of IRIs (0.8 s) to check
# a format that notebooks don't have
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
