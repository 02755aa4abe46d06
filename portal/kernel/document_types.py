"""What a file really is, told from its content and not from its name; what may hurt is refused with a reason."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5_000
MAX_RATIO = 200
RATIO_MATTERS_FROM = 1024 * 1024
CHUNK = 64 * 1024
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # OID 1.2.840.113549.1.7.2
_ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_MARKUP = re.compile(r"<\s*(?:!doctype|html|svg|script|iframe|body|\?xml)\b", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class DocumentRefused(Exception):  # noqa: N818 a refusal is an answer, not a fault
    """The file is not taken; `reason` is a sentence for the person who brought it, `code` is for programs."""

    def __init__(self, code: str, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DocumentType:
    content_type: str
    check: Callable[[Path], None]


def check_content(path: Path, extension: str) -> str:
    """Return the content type of the file when its content is what the extension promises."""
    document_type = TYPES.get(extension)
    if document_type is None:
        raise DocumentRefused("type", _("Files of this type are not accepted."))
    document_type.check(path)
    return document_type.content_type


def _disguised() -> DocumentRefused:
    return DocumentRefused("disguised", _("The content of the file is not of the type that its name promises."))


def _encrypted() -> DocumentRefused:
    return DocumentRefused("encrypted", _("The file is protected by a password. Remove the protection and try again."))


def _pdf(path: Path) -> None:
    content = path.read_bytes()
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise _disguised()
    if _ENCRYPTED_PDF.search(content):
        raise _encrypted()


def _picture(extension: str) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        kind = filetype.guess(str(path))
        if kind is None or kind.extension != extension:
            raise _disguised()

    return check


def _office(part: str) -> Callable[[Path], None]:
    def check(path: Path) -> None:
        names = _parts(path)
        if "[Content_Types].xml" not in names or part not in names:
            raise _disguised()

    return check


def _declared_package(mimetype: str) -> Callable[[Path], None]:
    """Check a package (OpenDocument, ASiC) that names its own type in a part called `mimetype`."""

    def check(path: Path) -> None:
        if "mimetype" not in _parts(path):
            raise _disguised()
        with zipfile.ZipFile(path) as package, package.open("mimetype") as part:
            if part.read(200).strip() != mimetype.encode():
                raise _disguised()

    return check


def _parts(path: Path) -> set[str]:
    """Return the names in a zip package after unpacking it whole, within limits, to nowhere."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise _bomb()
            if any(part.flag_bits & 1 for part in parts):
                raise _encrypted()
            if any(part.filename.lower().endswith(("vbaproject.bin", ".js", ".vbs")) for part in parts):
                raise DocumentRefused("macros", _("The file holds macros. Save it without them and try again."))
            _unpack(package, parts, path.stat().st_size)
            return {part.filename for part in parts}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise _disguised() from error


def _unpack(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], packed: int) -> None:
    """Read every part to its end, for what the headers say of sizes may be a lie."""
    limit = min(MAX_UNPACKED_BYTES, max(packed * MAX_RATIO, RATIO_MATTERS_FROM))
    if sum(part.file_size for part in parts) > limit:
        raise _bomb()
    total = 0
    for part in parts:
        with package.open(part) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > limit:
                    raise _bomb()


def _bomb() -> DocumentRefused:
    return DocumentRefused("bomb", _("The file unpacks into more data than is accepted."))


def _signature(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(64)
    der = head[:1] == b"\x30" and _SIGNED_DATA in head
    if not der and not head.startswith((b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")):
        raise _disguised()


def _text(path: Path) -> None:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if _CONTROLS.search(text):
        raise _disguised()
    if _MARKUP.search(text):
        raise DocumentRefused("markup", _("Web pages, drawings in SVG and scripts are not accepted."))


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_ASIC = "application/vnd.etsi.asic-e+zip"
_JPEG = DocumentType("image/jpeg", _picture("jpg"))
TYPES = {
    "pdf": DocumentType("application/pdf", _pdf),
    "docx": DocumentType(_OPEN_XML + "wordprocessingml.document", _office("word/document.xml")),
    "xlsx": DocumentType(_OPEN_XML + "spreadsheetml.sheet", _office("xl/workbook.xml")),
    "odt": DocumentType(_OPEN_DOCUMENT + "text", _declared_package(_OPEN_DOCUMENT + "text")),
    "ods": DocumentType(_OPEN_DOCUMENT + "spreadsheet", _declared_package(_OPEN_DOCUMENT + "spreadsheet")),
    "png": DocumentType("image/png", _picture("png")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "p7s": DocumentType("application/pkcs7-signature", _signature),
    "asice": DocumentType(_ASIC, _declared_package(_ASIC)),
    "txt": DocumentType("text/plain", _text),
    "csv": DocumentType("text/csv", _text),
}
