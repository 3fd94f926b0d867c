"""Sets one document, in a process of its own: run by its path, never imported (see `core.documents`).

What goes wrong in a document (a loop, a flood of pages) ends here with its limits and not in the portal.
Reads the order as JSON on its input, writes the PDF on its output; starts in 20 ms because it
imports nothing of the house.
"""

import datetime as dt
import json
import resource
import sys
from typing import Any

import typst

MEMORY_OCTETS = 1 << 30
CPU_SECONDS = 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OCTETS, MEMORY_OCTETS))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    order: dict[str, Any] = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(
        typst.compile(
            order["template"],
            root=order["root"],
            format="pdf",
            sys_inputs=order["inputs"],
            pdf_standards=["a-3a", "ua-1"],
            ignore_system_fonts=True,
            timestamp=dt.datetime.fromisoformat(order["made_at"]),
        )
    )


if __name__ == "__main__":
    main()
