"""The answers to pictures."""

from pathlib import Path

import pytest
from PIL import Image

from predict import main
from settings import UserError
from train import train


@pytest.fixture
def run_dir(tiny):
    return str(train(tiny))


def test_pictures_get_their_likeliest_classes(run_dir, tmp_path, capsys):
    picture = tmp_path / "page with 한글.jpg"
    Image.new("RGB", (40, 30), "white").save(picture)
    capsys.readouterr()
    main((picture, picture), top=2, run_dir=run_dir, device="cpu")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith(f"{picture}: ")
        assert line.count("%") == 2


def test_without_pictures_it_takes_the_examples_or_says_what_to_do(run_dir, capsys):
    with pytest.raises(UserError, match="which picture"):
        main(run_dir=run_dir, device="cpu")
    (Path(run_dir) / "examples" / "test").mkdir(parents=True)
    Image.new("L", (8, 8)).save(Path(run_dir) / "examples" / "test" / "0.png")
    capsys.readouterr()
    main(run_dir=run_dir, device="cpu")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_is_no_picture_ends_with_one_line_and_exit_code_2(command, run_dir, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    answer = command("predict.py", "notes.txt", "--run-dir", run_dir, "--device", "cpu")
    assert answer.returncode == 2
    assert answer.stderr == "error: cannot identify image file 'notes.txt'\n"


def test_a_missing_file_is_named(run_dir):
    with pytest.raises(OSError, match="no\\.png"):
        main((Path("no.png"),), run_dir=run_dir, device="cpu")
