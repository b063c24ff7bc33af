"""tools.fetch: what it says of a network, and what is missing."""

import pytest

import engine.backbone
from engine.backbone import EXAMPLE, WANTED
from tools import fetch

CARD = "---\nlanguage: en\nlicense: apache-2.0\n---\n# A network\n\nlicense: this is not it\n"


def say(folder, name, monkeypatch, capsys):
    """Return the lines that the command prints for a network whose files are in the folder."""
    monkeypatch.setattr(engine.backbone, "fetch", lambda _: folder)
    fetch.main(name)
    return capsys.readouterr().out.splitlines()


def test_it_says_where_a_network_is_how_large_its_licence_and_what_comes_next(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "model.safetensors").write_bytes(bytes(2_500_000))
    (tmp_path / "README.md").write_text(CARD, encoding="utf-8")
    assert say(tmp_path, "a/net", monkeypatch, capsys) == [
        f"a/net is here: 2.5 MB in {tmp_path}",
        "licence of its weights, as its card says: apache-2.0",
        f'next: python train.py {WANTED.option} "a/net" --data DATA',
    ]


def test_it_says_so_where_no_licence_is_named(tmp_path, monkeypatch, capsys):
    lines = say(tmp_path, "a/net", monkeypatch, capsys)
    assert lines[1].startswith("its licence is not named there")


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        (CARD, "apache-2.0"),
        (CARD.replace("\n", "\r\n"), "apache-2.0"),
        ('---\nlicense: "cc-by-nc-4.0"\n---\n', "cc-by-nc-4.0"),
        ("---\nlicense: other\nlicense_name: for-study\n---\n", "for-study"),
        ("---\nlicense: other\n---\n", "other"),
        ("---\nlanguage: en\n---\nlicense: mit\n", ""),
        ("license: mit\n", ""),
        ("", ""),
    ],
)
def test_the_licence_is_read_from_the_first_lines_of_a_card_alone(tmp_path, card, licence):
    path = tmp_path / "README.md"
    path.write_bytes(card.encode())
    assert fetch.read_licence(path) == licence


def test_without_the_packages_one_line_says_how_to_install_them(command, without):
    answer = command("fetch", "a/net", env=without("huggingface_hub", "timm", "transformers"))
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert " is not installed: pip install -e " in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_without_a_name_it_says_that_one_is_needed(command):
    answer = command("fetch")
    assert answer.returncode == 2
    expected = f"error: which network? python -m tools.fetch NAME, such as {EXAMPLE}\n"
    assert answer.stderr == expected
