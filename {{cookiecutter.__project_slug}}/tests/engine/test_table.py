"""Tables in files: what is found out by itself, and what is refused with its line."""

import csv
import json
from unicodedata import normalize

import numpy as np
import pytest

from engine.settings import UserError
from engine.table import Column, read_columns, read_table, read_texts, take_column

COLUMNS = {
    "이름": ["김, 하나", 'said "no"', "two\nlines", "three\r\n\r\nlines"],
    "size (cm)": ["1.5", "-2", "1e3", ""],
    "note": ["a;b", "c|d", "e\tf", "g,h"],
}


@pytest.fixture
def write(tmp_path):
    """Write a file, and return its path."""

    def write(content, encoding="utf-8", name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_delimiter_is_found_and_quoted_fields_may_hold_anything(
    tmp_path, delimiter, end, quoting
):
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
        writer.writerows([COLUMNS, *zip(*COLUMNS.values(), strict=True)])
    assert read_table(path) == COLUMNS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_the_encoding_is_found_and_only_korean_of_old_is_remarked_on(write, capsys, encoding):
    path = write("이름,키\n똠방각하,180\n", encoding)
    assert read_table(path) == {"이름": ["똠방각하"], "키": ["180"]}
    shown = capsys.readouterr()
    expected = f"note: {path} is not in UTF-8: read as Korean (cp949); --encoding names another"
    assert shown.err.startswith(expected) if encoding == "cp949" else not shown.err
    assert not shown.out


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_the_unicode_text_of_excel_is_read_in_either_byte_order(write, mark):
    encoding = "utf-16-le" if mark[0] == 0xFF else "utf-16-be"
    path = write(mark + "가\tb\r\n1\t2\r\n".encode(encoding))
    assert read_table(path) == {"가": ["1"], "b": ["2"]}


def test_spaces_around_values_and_names_do_not_count(write):
    assert read_table(write(" a , b\n 1 ,x y \n")) == {"a": ["1"], "b": ["x y"]}


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\n,,\n,,\n", "\n , ,\n", "\r\n\r\n,,\r\n"])
def test_blank_lines_and_rows_of_empty_fields_are_no_rows(write, end):
    path = write("a,b,c\n1,2,3\n\n,,\n4,,6" + end)
    assert read_table(path) == {"a": ["1", "4"], "b": ["2", ""], "c": ["3", "6"]}


def test_a_comma_between_semicolons_stays(write):
    path = write("a;b\n1,5;x,y\n-0,25;2\n")
    assert read_table(path) == {"a": ["1,5", "-0,25"], "b": ["x,y", "2"]}


def test_a_quotation_mark_between_tabs_is_one_where_the_tabs_fit(write):
    path = write('text\tlabel\n"tis true\tyes\nall "good"\tno\n')
    assert read_table(path)["text"] == ['"tis true', 'all "good"']


def test_excels_own_first_line_is_no_name_and_a_name_may_be_missing(write):
    assert read_table(write("sep=;\n;b\n1;2\n")) == {"(no name)": ["1"], "b": ["2"]}


def test_each_column_without_a_name_gets_one_to_drop_it_by(write):
    table = read_table(write(",b,,\n1,2,3,\n"))
    assert list(table) == ["(no name)", "b", "(no name 2)", "(no name 3)"]
    assert list(table.values()) == [["1"], ["2"], ["3"], [""]]


@pytest.mark.parametrize(
    "content",
    [
        '[{"a": 1, "b": "x"}, {"a": null, "b": "y"}]',
        '{"a": [1, null], "b": ["x", "y"]}',
        '{"a": 1, "b": "x"}\n{"b": "y"}\n',
    ],
)
def test_a_json_file_may_be_a_list_of_rows_or_columns_or_lines(write, content):
    assert read_table(write(content, name="t.json")) == {"a": ["1", ""], "b": ["x", "y"]}


@pytest.mark.parametrize(("content", "message"), [("5", "holds no table"), ("{", "is no JSON")])
def test_other_json_is_refused(write, content, message):
    with pytest.raises(UserError, match=message):
        read_table(write(content, name="t.json"))


def test_an_encoding_can_be_named_and_must_fit(write):
    path = write("café,b\n1,2\n", "cp1252")
    assert list(read_table(path, "cp1252")) == ["café", "b"]
    for encoding, message in (("utf-8", "line 1, is not in utf-8"), ("x", "knows no 'x'")):
        with pytest.raises(UserError, match=message):
            read_table(path, encoding)
    with pytest.raises(UserError, match="name its --encoding"):
        read_table(path)


def test_a_column_keeps_each_value_once_and_reads_as_a_list(write):
    column = read_columns(write("a,b\n yes,1\nno,1\nyes ,1\n"))["a"]
    assert column.values == ["yes", "no"]
    assert list(column) == ["yes", "no", "yes"]
    assert (column[1], len(column), column.row_of("no")) == ("no", 3, 2)
    assert column.counts().tolist() == [2, 1]
    assert list(column.take(np.array([2, 1]))) == ["yes", "no"]
    same = Column.of(["yes", "no", "yes"])
    assert same.fingerprint() == column.fingerprint()
    assert Column.of(["yes", "yes", "no"]).fingerprint() != column.fingerprint()
    # Values that look alike to a hasty digest.
    texts = (["a\0b", "c"], ["a", "b\0c"], ["\ud800", "c"], ["?", "c"], ["\\ud800", "c"])
    assert len({Column.of(cells).fingerprint() for cells in texts}) == len(texts)


def test_elsewhere_a_comma_in_a_number_stays(write):
    assert read_table(write('a,b\n"1,5",2\n'))["a"] == ["1,5"]


def test_a_single_column_needs_no_delimiter(write):
    assert read_table(write("text\nhello there\n")) == {"text": ["hello there"]}


@pytest.mark.parametrize("name", ["table.jsonl", "table.NDJSON"])
def test_json_lines_are_a_table_too_with_gaps_where_a_key_is_missing(write, name):
    rows = [{"이름": "가,\n나", "n": 1}, {"n": 2.5, "ok": True}, {"이름": None, "n": "x"}]
    content = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\r\n"
    expected = {"이름": ["가,\n나", "", ""], "n": ["1", "2.5", "x"], "ok": ["", "True", ""]}
    assert read_table(write(content, "utf-8-sig", name)) == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"a,b\n", "has no rows below the names of its columns"),
        (b"a,b\n,\n\n", "has no rows below the names of its columns"),
        (b"5.1,3.5,setosa\n4.9,3.0,setosa\n", "line 1 has values where the names"),
        (b"-1;+2,5;.5\n1;2;3\n", "line 1 has values where the names"),
        (b"a,b\n1,2\na,b\n3,4\n", "line 3: it has the names of the columns again: remove it"),
        (b"a,b,a\n1,2,3\n", "line 1 has two columns called 'a'"),
        (b"a,b\n1,2\n3\n", "line 3: 1 fields, but 2 columns"),
        (b"a,b\n\n1,2\n,\n3,4,5\n6,7\n", "line 5: 3 fields, but 2 columns"),
        (b'a,b\n"x\ny",2\n3,4,5\n', "line 4: 3 fields, but 2 columns"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "line 4: unexpected end of data"),
        (b'a,b\n1,2\n"3"4,5\n', "line 3: ',' expected after '\"'"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff", "is no text in UTF-8 or cp949"),
        (b"PK\x03\x04\x14\0\x08\x08\x08\0\x81\x82\xff\xa0", "it is a workbook of Excel, or packed"),
        (b"PAR1\x15\x04", "it is a Parquet file: make it a CSV file with pandas"),
        ((b",".join([b"a"] * 60_000)) + b"\n", "has 60,000 columns in its first line, of 50,000"),
        (b"\xff\xfea\0,", "is no text in UTF-8 or cp949"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong_and_where(write, content, message):
    path = write(content)
    with pytest.raises(UserError) as error:
        read_table(path)
    assert str(error.value).startswith(str(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1}\n\n{"a": \n', "line 3: no JSON object"),
        ('{"a": 1}\n5\n', "line 2: no JSON object"),
        ('"text"\n', "line 1: no JSON object"),
        ("", "has no rows"),
    ],
)
def test_bad_json_lines_are_refused_with_the_line(write, content, message):
    with pytest.raises(UserError, match=message):
        read_table(write(content, name="table.jsonl"))


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(UserError, match="is no file") as error:
            read_table(path)
        assert str(path) in str(error.value)


def test_a_column_is_taken_out_or_the_columns_there_are_are_listed():
    columns = {"a": ["1"], "b": ["2"]}
    assert take_column(columns, "a", "--target") == ["1"]
    assert columns == {"b": ["2"]}
    with pytest.raises(UserError, match=r"--target: there is no column 'c', but b$"):
        take_column(columns, "c", "--target")


def test_sentences_and_files_of_sentences_are_texts(write):
    path = write("hello\n\n  안녕  \n", name="이름 with a space.txt")
    texts, table = read_texts([str(path), "typed"], "text")
    assert texts == ["hello", "안녕", "typed"]
    assert table == {"text": texts}


def test_a_table_of_texts_is_kept_whole(write):
    path = write('id,말\n7,"hello\nyou"\n8,\n')
    texts, table = read_texts([str(path)], "말")
    assert texts == ["hello\nyou", ""]
    assert table == {"id": ["7", "8"], "말": texts}
    with pytest.raises(UserError, match="the texts: there is no column 'text', but id, 말"):
        read_texts([str(path)], "text")


@pytest.mark.parametrize("name", ["none.csv", "none.txt", "."])
def test_a_file_that_is_not_there_is_no_sentence(name):
    with pytest.raises(UserError, match="is no file"):
        read_texts([name, "a sentence"], "text")


@pytest.mark.parametrize("letter", ["a", "한", "🔥"])
@pytest.mark.parametrize("count", [80, 100, 250, 5000])
def test_a_sentence_may_be_longer_than_the_name_of_a_file_can_be(letter, count):
    texts, _ = read_texts([letter * count, f"{letter * count}.txt " * 2], "text")
    assert texts == [letter * count, f"{letter * count}.txt {letter * count}.txt"]


@pytest.mark.parametrize("name", ["table.csv", "table.jsonl"])
def test_names_and_values_are_in_one_form_of_unicode(write, name):
    content = '{"도시": "부산"}\n' if name.endswith("jsonl") else "도시\n부산\n"
    for form in ("NFC", "NFD"):
        assert read_table(write(normalize(form, content), name=name)) == {"도시": ["부산"]}
    escaped = json.dumps({normalize("NFD", "도시"): normalize("NFD", "부산")})
    assert read_table(write(escaped, name="escaped.jsonl")) == {"도시": ["부산"]}


def test_two_columns_that_differ_in_their_form_of_unicode_alone_are_two_of_one_name(write):
    names = normalize("NFC", "나이") + "," + normalize("NFD", "나이")
    with pytest.raises(UserError, match="two columns called '나이'"):
        read_table(write(f"{names}\n1,2\n"))


def test_a_table_is_found_in_whichever_form_its_name_is_typed(write, tmp_path):
    write("a\n1\n", name=normalize("NFD", "표.csv"))
    assert read_table(tmp_path / normalize("NFC", "표.csv")) == {"a": ["1"]}


def test_a_name_in_several_lines_is_one_line_and_found_by_it(write):
    table = read_table(write('"age\n(years)",city\n3,Oslo\n'))
    assert take_column(table, "age  (years)", "--drop") == ["3"]


@pytest.mark.parametrize("names", [["2019", "2020", "2021"], ["0", "1", "2", "3"]])
def test_names_may_be_numbers_that_count_the_columns(write, names):
    assert list(read_table(write(f"{','.join(names)},y\n{'7,' * len(names)}no\n"))) == [*names, "y"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("table.json", '[{"a": 1, " a": 2}]', "two columns called 'a'"),
        ("table.json", "[" * 100_000, "nested too deeply"),
        ("table.jsonl", '["ab", "cd"]', "line 1: no JSON object"),
    ],
)
def test_json_that_would_lose_values_is_refused(write, name, content, message):
    with pytest.raises(UserError, match=message):
        read_table(write(content, name=name))


def test_what_predict_wrote_for_excel_reads_back_as_it_was(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("'=text,n,prediction\n'=1+1,-1,'@a\n''=1,1,b\n'tis,2,b\n", encoding="utf-8")
    assert read_table(path) == {
        "=text": ["=1+1", "'=1", "'tis"],
        "n": ["-1", "1", "2"],
        "prediction": ["@a", "b", "b"],
    }


def test_a_table_of_others_keeps_its_apostrophes(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("text,label\n'@home,a\n'=1,b\n", encoding="utf-8")
    assert read_table(path) == {"text": ["'@home", "'=1"], "label": ["a", "b"]}
