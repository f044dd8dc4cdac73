"""A template edited in Word: checked before it is taken, compiled once, filled many times. Pure.

Fields stand in the text as `{{ field }}`, lists as rows between `{%tr for row in list %}` and `{%tr endfor %}`, conditions
as paragraphs `{%p if field %}`, `{%p endif %}`. Nothing else of the template language is allowed: what a template may say
is checked against this list node by node, so that no file can run anything.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree  # type: ignore[import-untyped]  # lxml has no types

from heli.files import apart
from heli.files.templating.documents import Fields, PaperFieldKind, Value, Values
from heli.files.templating.local_fields import FIELD, W, as_rows, as_text, gather_fields, mended, own_texts, parser
from heli.kernel.faults import Fault, Refused

MOST_BYTES = 5_000_000
MOST_UNPACKED = 60_000_000
MOST_PARTS = 400
FILLED = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
"""The parts in which fields may stand."""
FORBIDDEN_PARTS = re.compile(r"vbaProject|vbaData|activeX|embeddings/|afchunk|attachedTemplate|customXml/.*\.xsl", re.I)
FIELD_CODES = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF", "REF", "TOC", "DATE", "TIME", "SEQ", "STYLEREF"}
)
"""Word's own fields that read nothing from outside."""
READING_CODES = frozenset(
    {
        "ADDIN", "ASK", "AUTOTEXT", "AUTOTEXTLIST", "BARCODE", "CONTROL", "DATABASE", "DDE", "DDEAUTO", "EMBED", "FILLIN",
        "GOTOBUTTON", "HTMLACTIVEX", "HYPERLINK", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "LINK", "MACROBUTTON",
        "MERGEFIELD", "PRINT", "QUOTE", "RD", "USERADDRESS",
    }
)  # fmt: skip
"""Fields that reach outside or run something: refused wherever they stand in a code, the first word or a later one."""
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.I)
WRITE_HERE = "\uff3f" * 6
"""What stands for an unknown field: a line to write on."""
_MARK = '<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
_NAME = r"[a-z_]+"
_ALLOWED = (
    re.compile(rf"\{{\{{\s*(?P<field>{_NAME})\s*\}}\}}"),
    re.compile(rf"\{{\{{\s*row\.(?P<column>{_NAME})\s*\}}\}}"),
    re.compile(rf"\{{%(?:p|tr)?\s*if\s+(?:not\s+)?(?P<field>{_NAME})\s*%\}}"),
    re.compile(rf"\{{%(?:p|tr)?\s*for\s+row\s+in\s+(?P<list>{_NAME})\s*%\}}"),
    re.compile(r"\{%(?:p|tr)?\s*(?:endif|endfor|else)\s*%\}"),
)


@dataclass(frozen=True)
class LocalForm:
    """A checked template, compiled: parts that are filled, and the rest of the file as it is.

    `fields` are those it uses: {name: whether it is text (a list otherwise)}.
    """

    filled: Mapping[str, Any]
    kept: Sequence[tuple[str, bytes]]
    fields: Mapping[str, bool]

    def render(self, values: Values, *, mark: str = "") -> bytes:
        """The document with these values as docx; unknown ones become lines to write on. `mark` stands above the text."""
        known = {name: _shown(values.get(name), is_text=is_text) for name, is_text in self.fields.items()}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.kept:
                archive.writestr(name, content)
            for name, template in self.filled.items():
                text = template.render(known)
                if mark and name == "word/document.xml":
                    text = text.replace("<w:body>", f"<w:body>{_MARK.format(escape(mark))}", 1)
                archive.writestr(name, mended(text).encode())
        return stream.getvalue()


@dataclass(frozen=True, slots=True)
class Sources:
    """A checked template as text: {part: template source}, the parts kept as they are, the fields used as in `LocalForm`."""

    filled: Mapping[str, str]
    kept: Sequence[tuple[str, bytes]]
    fields: Mapping[str, bool]


def open_form(content: bytes, fields: Fields) -> LocalForm:
    """Check a template in a child process and compile it. Raises `Refused`, as `read_sources` says."""
    read = apart.call(read_sources, content, dict(fields))
    environment = _environment()
    filled = {name: environment.from_string(source) for name, source in read.filled.items()}
    return LocalForm(filled, read.kept, read.fields)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=True)
    environment.globals.clear()
    environment.filters.clear()
    return environment


def read_sources(content: bytes, fields: Fields) -> Sources:
    """Check a template. Raises `Refused`; unknown fields are named with the paragraph where they stand."""
    parts = _unpack(content)
    if faults := list(_check_parts(parts)):
        raise Refused(faults)
    texts = {name: etree.fromstring(text, parser()) for name, text in parts.items() if FILLED.fullmatch(name)}
    if faults := [fault for root in texts.values() for fault in _check_text(root, fields)]:
        raise Refused(faults)
    environment = _environment()
    filled, used = {}, set()
    for name, root in texts.items():
        source = _patched(root)
        try:
            tree = environment.parse(source)
            used |= _check_tree(tree, fields)
            environment.from_string(source)
            filled[name] = source
        except (TemplateError, ValueError) as wrong:
            message = _("The template cannot be read: %(why)s. Check that every loop and condition is closed.")
            raise Refused(Fault("template_broken", message % {"why": wrong}, field="file")) from wrong
    # The file's own title names the fields; a made document has none.
    kept = [
        (name, FIELD.sub("", text.decode(errors="replace")).encode() if name == "docProps/core.xml" else text)
        for name, text in parts.items()
        if name not in filled
    ]
    return Sources(filled, kept, {name: fields[name].kind is not PaperFieldKind.LIST for name in used})


def _shown(value: Value, *, is_text: bool) -> Any:
    """A value as the template reads it: a line to write on where a text is not known."""
    if isinstance(value, str):
        return as_text(value) if value else _Blank(WRITE_HERE)
    return as_rows(value) if value else (_Blank(WRITE_HERE) if is_text else ())


class _Blank(str):
    """A line to write on that conditions take for nothing."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


# --- the file ----------------------------------------------------------------------------------------------------------


def _unpack(content: bytes) -> dict[str, bytes]:
    """The parts of the file. Raises `Refused` for what is no docx, is too large, or bursts."""
    if len(content) > MOST_BYTES:
        raise Refused(_refusal("too_large", _("A template has at most 5 MB.")))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename.lower() for entry in entries]
            if len(set(names)) < len(names):
                raise Refused(_refusal("no_docx", _("Two parts of the file have one name. Save it anew in Word.")))
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Refused(_refusal("bursts", _("The file unpacks to far more than a template needs.")))
            parts = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError) as wrong:
        raise Refused(_refusal("no_docx", _("This is not a Word document (.docx). Save it as .docx."))) from wrong
    if "word/document.xml" not in parts or "[Content_Types].xml" not in parts:
        raise Refused(_refusal("no_docx", _("This is not a Word document (.docx). Save it as .docx.")))
    return parts


def _refusal(code: str, message: str, source: str = "") -> Fault:
    return Fault(code, message, field="file", source=source)


def _check_parts(parts: Mapping[str, bytes]) -> Iterator[Fault]:
    """Macros, embedded objects, links to the outside, entities, fields that read files."""
    for name, content in parts.items():
        if FORBIDDEN_PARTS.search(name) or (name == "[Content_Types].xml" and b"macroEnabled" in content):
            yield _refusal("macros", _("The file holds macros or embedded objects. Save it as a plain .docx."), name)
        # Whatever it is called: what a part is stands in the table of contents, which may call anything XML.
        if not (name.lower().endswith((".xml", ".rels")) or _looks_like_xml(content)):
            continue
        if not _is_plain_utf8(content):
            message = _("A part of the file is not written in UTF-8, as every Word document is. Save it anew in Word.")
            yield _refusal("encoding", message, name)
            continue
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            yield _refusal("entities", _("The file declares entities of its own, which no Word document needs."), name)
            continue
        try:
            root = etree.fromstring(content, parser())
        except etree.XMLSyntaxError:
            yield _refusal("no_docx", _("A part of the file is damaged."), name)
            continue
        yield from _check_links(name, root)
        yield from _check_codes(name, root)
        if name.startswith("word/") and not FILLED.fullmatch(name) and (b"{{" in content or b"{%" in content):
            message = _("Fields may stand in the text, headers and footers only.")
            yield _refusal("field_elsewhere", message, name)


def _looks_like_xml(content: bytes) -> bool:
    """Whether a part begins as XML does, in any encoding that writes its first sign in one, two or four bytes."""
    start = content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start.startswith((b"<", b"+ADw-", b"\x4c\x6f\xa7\x94"))  # also UTF-7 and EBCDIC


def _is_plain_utf8(content: bytes) -> bool:
    """Whether a part is UTF-8 and says nothing else of itself: what is looked for below is looked for in these bytes."""
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']*)["']""", content)
    if declared and declared[1].strip().lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in content and not content.startswith(b"+ADw-")


def _check_links(name: str, root: Any) -> Iterator[Fault]:
    for relation in root.iter("{*}Relationship"):
        given = {key.rpartition("}")[2].lower(): value.strip() for key, value in relation.attrib.items()}
        target = given.get("target", "")
        if given.get("targetmode", "internal").lower() != "internal" or OUTSIDE.match(target):
            message = _("The file refers to %(target)s outside itself. Remove the link, picture or template.")
            yield _refusal("external", message % {"target": target[:80]}, name)


def _check_codes(name: str, root: Any) -> Iterator[Fault]:
    # By local names: the strict form of the format has other namespaces.
    codes = [
        value
        for node in root.iter("{*}fldSimple")
        for key, value in node.attrib.items()
        if key.rpartition("}")[2] == "instr"
    ]
    # A code may be spread over runs: what stands between begin and the next mark is one code.
    pieces: list[str] = []
    for node in root.iter("{*}fldChar", "{*}instrText", "{*}delInstrText"):
        if etree.QName(node).localname == "fldChar":
            codes.append("".join(pieces))
            pieces = []
        else:
            pieces.append(node.text or "")
    codes.append("".join(pieces))
    for code in codes:
        words = re.findall(r"[^\s\"“”{}\\]+", code.upper())
        read = [word for word in words[:1] if word not in FIELD_CODES] or [w for w in words if w in READING_CODES]
        for word in read[:1]:
            message = _("The file uses Word's field %(code)s, which may read from outside. Replace it by text.")
            yield _refusal("field_code", message % {"code": word[:20]}, name)


# --- the text ----------------------------------------------------------------------------------------------------------


def _check_text(root: Any, fields: Fields) -> Iterator[Fault]:
    """Every field of a part by paragraph, so that people find it; each stands whole in one text afterwards."""
    columns = {column for rule in fields.values() for column in rule.columns}
    for number, text in gather_fields(root):
        message = _("A field stands in a tracked change. Accept or reject the changes in Word (Review), then save.")
        yield _refusal("tracked_change", message, _where(number, text))
    for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
        text = "".join(node.text or "" for node in own_texts(paragraph))
        where = _where(number, text)
        for tag in FIELD.findall(text):
            yield from _check_tag(tag, fields, columns, where)
        if re.search(r"\{\{|\{%|\}\}|%\}", FIELD.sub("", text)):
            yield _refusal("unclosed", _("A field is not closed in its paragraph."), where)


def _where(number: int, text: str) -> str:
    shown = text.strip()
    shown = shown if len(shown) <= 40 else shown[:40] + "…"
    return _("paragraph %(number)s “%(text)s”") % {"number": number, "text": shown}


def _check_tag(tag: str, fields: Fields, columns: set[str], where: str) -> Iterator[Fault]:
    found = next((match for pattern in _ALLOWED if (match := pattern.fullmatch(tag))), None)
    if found is None:
        message = _(
            "“%(tag)s” is not allowed. Write {{ field }}, and loops and conditions as in the template given out."
        )
        yield _refusal("not_allowed", message % {"tag": tag[:60]}, where)
        return
    named = found.groupdict()
    unknown = named.get("field") or named.get("list") or ""
    is_list = bool(named.get("list"))
    rule = fields.get(unknown)
    if unknown and (rule is None or (is_list and rule.kind is not PaperFieldKind.LIST)):
        message = _("There is no field “%(field)s”.") if not is_list else _("There is no list “%(field)s”.")
        yield _refusal("unknown_field", message % {"field": unknown}, where)
    column = named.get("column")
    if column and column not in columns:
        yield _refusal("unknown_field", _("There is no field “%(field)s”.") % {"field": f"row.{column}"}, where)


def _patched(root: Any) -> str:
    """The part as docxtpl makes it readable: marks of rows and paragraphs stand around what they repeat or leave out."""
    from docxtpl import DocxTemplate

    text = etree.tostring(root, encoding="unicode")
    # The method needs no file; it only rearranges text.
    patched: str = DocxTemplate.patch_xml(None, text)
    return patched


def _check_tree(tree: nodes.Template, fields: Fields) -> set[str]:
    """The fields that a parsed template reads. Raises ValueError for any node that is not on the list."""
    used: set[str] = set()

    def name(node: nodes.Node, *, wants_list: bool = False) -> str:
        if not isinstance(node, nodes.Name) or node.name not in fields:
            raise ValueError(type(node).__name__)
        if wants_list and fields[node.name].kind is not PaperFieldKind.LIST:
            raise ValueError(node.name)
        used.add(node.name)
        return node.name

    def walk(children: Sequence[nodes.Node], within: str) -> None:
        for node in children:
            if isinstance(node, nodes.Output):
                for piece in node.nodes:
                    expression(piece, within)
            elif isinstance(node, nodes.If) and not node.elif_:
                test = node.test.node if isinstance(node.test, nodes.Not) else node.test
                name(test)
                walk([*node.body, *node.else_], within)
            elif (
                isinstance(node, nodes.For)
                and not (within or node.test or node.recursive or node.else_)
                and isinstance(node.target, nodes.Name)
                and node.target.name == "row"
            ):
                walk(node.body, name(node.iter, wants_list=True))
            else:
                raise ValueError(type(node).__name__)

    def expression(node: nodes.Node, within: str) -> None:
        if isinstance(node, nodes.TemplateData):
            return
        if isinstance(node, nodes.Getattr) and within and isinstance(node.node, nodes.Name) and node.node.name == "row":
            if node.attr not in fields[within].columns:
                raise ValueError(f"row.{node.attr}")
            return
        if fields[name(node)].kind is PaperFieldKind.LIST:
            raise ValueError(f"{node}")

    walk(tree.body, "")
    return used
