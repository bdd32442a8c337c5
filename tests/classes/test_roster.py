"""Rosters of both platforms, as they come and as a spreadsheet saves them; a bad one is one line."""

import pytest

from grader.classes.roster import RosterError, Student, read_roster

CLASSROOM = 'identifier,github_username,github_id,name\n1001,ana,7,"García, Ana"\n1002,,,Leo\n'
CLASSROOM50 = (
    "username,first_name,last_name,email,section,github_id,role\n"
    "ana,Ana,García,ana@example.org,A,7,student\nprof,Pro,Fesor,p@example.org,,9,teacher\neva,Eva,,,B,8,\n"
)
ANA, LEO = Student("ana", "1001", "García, Ana"), Student("", "1002", "Leo")


def roster(tmp_path, data):
    path = tmp_path / "roster.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_the_roster_of_github_classroom(tmp_path):
    assert read_roster(roster(tmp_path, CLASSROOM)) == [ANA, LEO]


def test_the_roster_of_classroom_50_without_its_staff(tmp_path):
    assert read_roster(roster(tmp_path, CLASSROOM50)) == [
        Student("ana", "ana@example.org", "Ana García"), Student("eva", "", "Eva"),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [
    b"\xef\xbb\xbf" + CLASSROOM.encode(),
    CLASSROOM.replace('"García, Ana"', "#").replace(",", ";").replace("#", '"García, Ana"').encode("utf-8-sig"),
    CLASSROOM.replace('"García, Ana"', "#").replace(",", ";").replace("#", '"García, Ana"').encode("cp1252"),
    CLASSROOM.replace('"García, Ana"', "#").replace(",", "\t").replace("#", '"García, Ana"').encode("utf-16"),
    b"sep=;\r\n" + CLASSROOM.replace('"García, Ana"', "#").replace(",", ";").replace("#", '"García, Ana"').encode(),
    CLASSROOM.replace("\n", "\r\n").encode(),
    CLASSROOM.replace("\n", "\n,,,\n\n").encode(),
    CLASSROOM.replace("github_username", "GitHub_Username ").encode(),
])  # fmt: skip
def test_what_spreadsheets_make_of_it_reads_alike(tmp_path, data):
    assert read_roster(roster(tmp_path, data)) == [ANA, LEO]


@pytest.mark.parametrize(("data", "line"), [
    ("", "holds no student"),
    ("identifier,github_username\n", "holds no student"),
    ("name,login\nana,x\n", "line 1: no column github_username or username; it has name, login"),
    ("\n\nname,login\n", "line 3: no column"),
    ("identifier,github_username\n1,ana\n2,eva,extra\n", "line 3: 3 cells, but the heading has 2"),
    ("identifier,github_username\n1,ana\n\n2,ANA\n", "line 4: ANA is on line 2 too"),
    ("identifier,github_username,x\n1,ana,\n,,y\n", "line 3: neither a username nor an identifier"),
    ("username,username\nana,eva\n", "line 1: a column is there twice"),
    ('identifier,github_username\n1,"ana" x\n', "line 2: "),
    ('identifier,github_username\n1,"ana\n', "line 2: "),
    (b"identifier,github_username\n1,ana\n2,\x81\xff\n", "line 3: it is no text in UTF-8"),
    ("identifier,github_username\n1,ana\n".encode("utf-16-le"), "line 1: it is no text in UTF-8"),
    (b"PK\x03\x04\x00\x00", "line 1: it is no text"),
])  # fmt: skip
def test_a_bad_roster_is_one_line_that_names_the_line(tmp_path, data, line):
    path = roster(tmp_path, data)
    with pytest.raises(RosterError) as caught:
        read_roster(path)
    assert line in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_roster_that_is_not_there_is_one_line(tmp_path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(RosterError, match="cannot be read"):
            read_roster(path)
