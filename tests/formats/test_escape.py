"""Text from students stands for itself in every format, whatever characters it is made of."""

import csv
import io
import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.reports import escape

PIECES = [
    "::", "##[", "]", "\n", "\r", "\u2028", "\x85", "\t", "\x1b[31m", "\u202e", "\u2066", "\u200b", "%0A", "%", ":", ",",
    "`", "``", "|", "\\", "*", "_", "[a](b)", "![a](b)", "<b>", "<!--", "&lt;", "@ana", "#1", "http://a.b", "www.a.b",
    "- ", "1. ", "> ", "# ", "=", "+", "-", "@", ";=", "'", '"', "]]>", "\ud800", "\ufffe", "\x00", "error", " ", "a", "ñ",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join)
NASTY = [
    "%0A::error::x", "a%25b: c, d", "  ::error::x", "\u00a0::error::x", "\x1b[1m ::error::x", "a\n::error::x", "a\r::error::x",
    "x ##[error]y", "- a", "1. a", "1) a", "# a", "=", "+ a", "> a", "a|b|c", "`a`", "``", "\\`", "a\\|b", "\\", "@ana #1 http://a.b",
    ":tada: www.a.b GH-1", "<b>&lt;</b>", "[a](b) ![a](b)", "~~a~~ *a* _a_", "a_b_c __a__ a__b _ é_a_", "_*_a_*", "=1+1", "a;=1+1", "; @a", "-1", "＝1", "＋1;－1", "＠a", "a\u2029b", "\ud800",
    "\ufffe\uffff", "]]>", "\u202ea\u2066\u200b", "\x00\x85\u2028", "'\"",
]  # fmt: skip
COMMANDS = ("error", "warning", "notice", "add-mask", "set-output", "debug", "group")
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def nasty(test):
    """Give a property the texts that once mattered, in each of its places, beside those that are drawn."""
    count = test.hypothesis.inner_test.__code__.co_argcount
    for text in NASTY:
        test = example(*[text] * count)(test)
    return test


def unseen(text):
    return [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def obeyed(log):
    """Return what the runner of GitHub Actions would obey: its two parsers, as their source describes them."""
    found = []
    for line in re.split(r"\r\n|\r|\n", log):
        new = re.match(r"\s*::([^ :]*)([^:]*(?::(?!:)[^:]*)*)::", line)
        old = re.search(r"##\[([^\] ]*)[^\]]*\]", line)
        found += [match[1] for match in (new, old) if match]
    return found


@pytest.mark.parametrize("line", ["::error::x", "  ::error file=a,line=1::x", "text ##[error]x", "\u00a0::add-mask::x"])
def test_the_tests_own_reading_of_the_runner_finds_commands(line):
    assert obeyed(line)[0] in COMMANDS


@nasty
@given(TEXT)
def test_a_line_is_one_line_without_unseen_characters(text):
    line = escape.line(text)
    assert not unseen(line)
    assert "\n" not in line
    assert line == line.strip()


@nasty
@given(TEXT)
def test_a_name_keeps_all_that_tells_it_from_others(text):
    shown = escape.name(text)
    assert escape.line(shown) == shown
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), shown)
    assert "\\u" in text or plain.encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")


@given(TEXT, st.integers(0, 40))
def test_a_limit_is_kept(text, limit):
    assert len(escape.line(text, limit)) <= limit


@nasty
@given(TEXT)
def test_lines_keep_their_ends_and_nothing_unseen(text):
    assert not unseen(escape.lines(text))
    assert escape.lines("a\r\nb\rc") == "a\nb\nc"


@nasty
@given(TEXT)
def test_no_line_of_a_log_is_a_command(text):
    assert obeyed(escape.log(escape.lines(text))) == []
    colored = escape.log(f"\x1b[1m {escape.lines(text)}")
    assert obeyed(colored.replace("\x1b[1m", "")) == []  # a viewer may take the color away before it reads


@nasty
@given(TEXT, TEXT)
def test_a_command_stays_one_command_with_its_own_text(heading, message):
    command = f"::error title={escape.command_property(heading)}::{escape.command_value(message)}"
    assert "\n" not in command
    assert obeyed(command) == ["error"]
    properties, _, value = command.removeprefix("::error title=").partition("::")
    assert "," not in properties
    assert _unescaped(value) == escape.lines(message).replace("##[", "## [")
    assert _unescaped(properties, {"%3A": ":", "%2C": ","}) == escape.lines(heading).replace("##[", "## [")


def _unescaped(text, more=None):
    """Undo the escapes in the order of the runner, which takes the percent sign last."""
    for token, character in ({"%0D": "\r", "%0A": "\n"} | (more or {}) | {"%25": "%"}).items():
        text = text.replace(token, character)
    return text


def tokens(markdown):
    for token in MARKDOWN.parse(markdown):
        yield token
        yield from token.children or []


PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@nasty
@given(TEXT)
def test_prose_in_markdown_is_plain_text(text):
    prose = escape.markdown(text)
    assert {token.type for token in tokens(prose)} <= PLAIN
    shown = "".join(token.content for token in tokens(prose) if token.type in ("text", "text_special"))
    assert shown.replace(escape.INVISIBLE_BREAK, "") == escape.line(text)
    assert not re.search(r"@\w|#\d|www\.|://|:[\w+-]+:|gh-\d", shown, re.IGNORECASE)


@nasty
@given(TEXT)
def test_prose_stays_plain_in_a_list_and_in_a_cell(text):
    prose = escape.markdown(text)
    kinds = {token.type for token in tokens(f"- {prose}")}
    assert kinds <= PLAIN | {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}
    rows = [token for token in tokens(f"| a | b |\n| --- | --- |\n| {prose} | end |\n") if token.type == "td_open"]
    assert len(rows) == 2


@nasty
@given(TEXT)
def test_code_is_one_span_with_the_text_in_it(text):
    span = escape.code(text)
    flat = escape.line(text).replace("|", "¦")
    inline = [token for token in tokens(f"- x {span}") if token.type == "code_inline"]
    assert [token.content for token in inline] == ([flat] if flat else [])
    assert {token.type for token in tokens(f"x {span} y")} <= PLAIN | {"code_inline"}
    cells = [t for t in MARKDOWN.parse(f"| a | b |\n| --- | --- |\n| {span} | end |\n") if t.type == "td_open"]
    assert len(cells) == 2


@nasty
@given(TEXT)
def test_html_holds_no_tag(text):
    made = f'<p title="{escape.html(text)}">{escape.html(text)}</p>'
    assert made.count("<") == 2
    assert made.count('"') == 2


@nasty
@given(TEXT)
def test_a_cell_is_no_formula_under_either_delimiter(text):
    target = io.StringIO()
    csv.writer(target).writerow(["x", escape.cell(text), "y"])
    (row,) = csv.reader(io.StringIO(target.getvalue()))
    assert len(row) == 3
    for part in row[1].split(";"):
        assert not part.lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_numbers_inside_a_cell_stay_as_they_are():
    assert escape.cell("got: [0.1, -0.2]") == "got: [0.1, -0.2]"


@nasty
@given(TEXT)
def test_xml_can_hold_the_text(text):
    element = ElementTree.Element("a", b=escape.xml(text))
    element.text = escape.xml(text)
    again = ElementTree.fromstring(ElementTree.tostring(element, encoding="unicode"))
    assert (again.text or "") == escape.xml(text)


@given(st.dictionaries(TEXT, TEXT, max_size=3))
def test_json_means_the_same_and_shows_nothing_unseen(value):
    made = escape.json_text(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(made) == value
    assert not unseen(made)
    assert obeyed(made) == []
