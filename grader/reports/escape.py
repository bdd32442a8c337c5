"""Makes text safe where a format gives some characters a meaning. Every format takes its escaping from here.

Names, labels and messages can come from student code. Each function returns text that stands for itself in one place:
a workflow command, a log, Markdown, HTML, a cell of a table, XML. None knows the report.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata

UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, bidi and other format characters, lone surrogates, line separators
INVISIBLE_BREAK = "\u200b"  # breaks a mention or an address without a trace on the screen

# The runner trims leading white space before it looks for `::`, and finds `##[` anywhere in a line
# (actions/runner, src/Runner.Common/ActionCommand.cs: TryParseV2 and TryParse).
COMMAND = re.compile(r"^((?:\s|\x1b\[[0-9;]*m)*)::", re.MULTILINE)
OLD_COMMAND = re.compile(r"##(?=\[)")
MARKDOWN = re.compile(r"[\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])")  # an underscore inside a word means nothing
# What begins a list, a heading or an underline, at the start of a line.
BLOCK = re.compile(r"^(?:[-+=#]|\d{1,9}(?=[.)]))")
# Mentions, issue numbers, emoji and bare addresses are found once the escapes are gone, so these are broken up instead.
FOUND_LATER = re.compile(r"@|#(?=\d)|:(?=//|[\w+-]+:)|www(?=\.)|(?<=gh)-(?=\d)", re.IGNORECASE)
FORMULA = re.compile(r"(^|;\s*)(?=[=+\-@＝＋－＠])")
ODD_SPACE = re.compile(r"^ +| +$|(?<= ) +|[^\S ]")  # what is lost where text becomes one line
NOT_XML = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lines(text: str) -> str:
    """Return `text` without control, bidi and other unseen characters; line ends stay, as "\\n"."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(map(_seen, unified))


def _seen(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in UNSEEN:
        return character
    return "" if unicodedata.category(character) in ("Cf", "Cs") else " "


def line(text: str, limit: int | None = None) -> str:
    """Return `text` on one line, without unseen characters; at most `limit` characters, "…" where it was cut."""
    flat = " ".join(lines(text).split())
    return flat if limit is None or len(flat) <= limit else flat[: max(limit - 1, 0)] + "…"[:limit]


def name(text: str) -> str:
    """Return a name on one line, unseen characters and odd spaces as `\\u` escapes, so that no two look alike."""
    return ODD_SPACE.sub(lambda match: "".join(map(_escaped, match[0])), "".join(map(_in_json, text)))


def log(text: str) -> str:
    """Return `text` for a log that may be read by GitHub Actions: no line of it is a workflow command."""
    return OLD_COMMAND.sub("## ", COMMAND.sub(r"\1: :", text))


def command_value(text: str) -> str:
    """Return `text` as the message of a workflow command."""
    return OLD_COMMAND.sub("## ", lines(text)).replace("%", "%25").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Return `text` as a property of a workflow command, such as its file or title."""
    return command_value(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Return `text` as one line of Markdown prose: no structure, link, image, HTML or mention."""
    escaped = MARKDOWN.sub(r"\\\g<0>", FOUND_LATER.sub(rf"\g<0>{INVISIBLE_BREAK}", line(text)))
    begin = BLOCK.match(escaped)
    if begin is None:
        return escaped
    return f"{begin[0]}{INVISIBLE_BREAK}{escaped[begin.end() :]}"


def code(text: str) -> str:
    """Return `text` as a code span, in which GitHub finds no mention, link or HTML; also fit for a cell of a table.

    A vertical bar becomes a broken one: renderers do not agree on how to escape it in a cell.
    """
    flat = line(text).replace("|", "¦")
    if not flat:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if flat[0] == "`" or flat[-1] == "`" else ""
    return f"{fence}{padding}{flat}{padding}{fence}"


def html(text: str) -> str:
    """Return `text` for HTML, in an element or an attribute."""
    return _html.escape(lines(text), quote=True)


def cell(text: str) -> str:
    """Return `text` as one cell of a CSV file with commas that no spreadsheet reads as a formula.

    A spreadsheet that expects semicolons splits a cell at them, so what follows one is guarded like a beginning.
    """
    return FORMULA.sub(r"\1'", line(text))


def xml(text: str) -> str:
    """Return `text` without the characters that XML 1.0 cannot hold; its writer escapes the rest."""
    return NOT_XML.sub("", lines(text))


def json_text(dumped: str) -> str:
    """Return dumped JSON of the same value, in which unseen characters and the old command prefix are `\\u` escapes."""
    return "".join(map(_in_json, OLD_COMMAND.sub("\\\\u0023#", dumped)))


def _in_json(character: str) -> str:
    return character if character == "\n" or unicodedata.category(character) not in UNSEEN else _escaped(character)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex("|", 2).split("|")
    return "".join(f"\\u{unit}" for unit in units)
