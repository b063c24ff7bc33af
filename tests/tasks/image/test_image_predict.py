"""Answers for pictures, and a whole run on pictures of one's own: train, eval, predict."""

import csv
import json
import random
import shutil
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path

import pytest
from PIL import Image

import eval as evaluation
from config import Config
from engine.settings import UserError
from predict import main
from train import train

CLASSES = {"중국 사원": "china.jpg", "a flower": "flower.jpg"}
SUFFIXES = ("png", "jpg", "webp", "bmp", "gif", "tif")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with pieces of two photos, of many formats and sizes, and a run on them."""
    folder, draw = tmp_path_factory.mktemp("project"), random.Random(0)
    for name, photo in CLASSES.items():
        (folder / "내 사진" / name).mkdir(parents=True)
        path = distribution("scikit-learn").locate_file(f"sklearn/datasets/images/{photo}")
        with Image.open(str(path)) as whole:
            for number in range(36):
                side, high = draw.randint(100, 240), draw.randint(100, 240)
                left, top = draw.randint(0, whole.width - side), draw.randint(0, 427 - high)
                piece = whole.crop((left, top, left + side, top + high))
                piece.save(folder / "내 사진" / name / f"{number}.{SUFFIXES[number % 6]}")
    with pytest.MonkeyPatch.context() as there:
        there.chdir(folder)
        config = Config(data="내 사진", image_size=32, width=8, epochs=8, batch_size=16)
        train(replace(config, device="cpu", run_dir="runs/first"))
    return folder


@pytest.fixture
def own(trained, tmp_path, monkeypatch):
    """Go into a copy of that folder and return the pictures' one."""
    shutil.copytree(trained, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return Path("내 사진")


def read_answers(path):
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_own_pictures_are_learned_and_scored_without_naming_them_again(own, capsys):
    evaluation.main(device="cpu")
    folder = Path("runs/first")
    result = json.loads((folder / "eval.json").read_text(encoding="utf-8"))
    assert (result["split"], result["n"]) == ("test", 14)
    assert result["accuracy"] >= 0.9
    assert 0 <= result["baselines"]["logistic regression"]["accuracy"] <= 1
    assert (folder / "confusion.png").exists()
    examples = sorted(path.name for path in (folder / "examples").iterdir())
    assert len(examples) == 5
    capsys.readouterr()
    main(device="cpu")
    lines = capsys.readouterr().out.splitlines()
    assert all(name in line for name, line in zip(examples, lines, strict=True))


def test_pictures_are_answered_for_when_the_training_ones_are_gone(own):
    own.rename("new pictures")
    main(("new pictures",), output=Path("answers.csv"), device="cpu")
    answers = read_answers("answers.csv")
    assert list(answers[0]) == ["picture", "prediction", "probability"]
    assert len(answers) == 72
    right = [Path(one["picture"]).parent.name == one["prediction"] for one in answers]
    assert sum(right) > 0.9 * 72
    assert all(0.5 <= float(one["probability"]) <= 1 for one in answers)
    with pytest.raises(UserError, match=r"trained on 내 사진, which is not there: .* --data says"):
        evaluation.main(device="cpu")


@pytest.mark.parametrize("change", ["one more", "one less", "another class", "another picture"])
def test_a_run_does_not_go_on_with_other_pictures(own, change):
    path = next((own / "a flower").iterdir())
    if change == "one more":
        shutil.copy(path, path.with_stem("one more"))
    elif change == "one less":
        path.unlink()
    elif change == "another class":
        path.parent.rename(own / "꽃")
    else:
        for path in own.rglob("*.png"):
            Image.new("RGB", (50, 50), "red").save(path)
    begun = json.loads(Path("runs/first/config.json").read_text(encoding="utf-8"))
    for go_on in (evaluation.main, lambda: train(Config.restore(begun | {"resume": True}))):
        with pytest.raises(UserError, match=r"the data have changed since .*: train a new model"):
            go_on()


def test_a_bad_picture_ends_training_with_one_line_and_exit_code_2(command, own, tmp_path):
    bad = own / "a flower" / "한글 1.jpg"
    bad.write_bytes((own / "a flower" / "1.jpg").read_bytes()[:700])
    own.rename(tmp_path / "pictures")
    answer = command("train.py", "--data", "pictures", "--device", "cpu")
    assert answer.returncode == 2
    name = Path("pictures", "a flower", "한글 1.jpg")
    assert answer.stderr.startswith(f"error: {name} cannot be read as a picture: ")
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_each_picture_gets_its_likeliest_classes(own, capsys):
    picture = own / "중국 사원" / "0.png"
    main((str(picture), str(picture)), top=2, device="cpu")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith(f"{picture}: 중국 사원 ")
        assert line.count("%") == 2


@pytest.mark.usefixtures("own")
def test_files_and_folders_in_folders_are_answered_for_in_order():
    for path in map(Path, ("new/b/two.PNG", "new/b/a/one.webp", "three.gif")):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (9, 9)).save(path)
    Path("new/b/notes.txt").write_text("no picture", encoding="utf-8")
    main(("three.gif", "new"), output=Path("answers.csv"), device="cpu")
    pictures = [Path(one["picture"]).name for one in read_answers("answers.csv")]
    assert pictures == ["three.gif", "one.webp", "two.PNG"]


def test_an_output_that_is_there_already_is_not_overwritten(own):
    path = Path("answers.csv")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match=r"answers.csv is there already: name another --output"):
        main((str(own),), output=path, device="cpu")
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.usefixtures("own")
def test_without_pictures_and_without_examples_it_says_what_to_do():
    with pytest.raises(UserError, match=r"which input\? `python predict.py INPUT`"):
        main(device="cpu")


def test_what_is_no_picture_ends_with_one_line_and_exit_code_2(command, own, tmp_path):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    run = own.absolute().with_name("runs") / "first"
    answer = command("predict.py", "notes.txt", "--run-dir", run, "--device", "cpu")
    assert answer.returncode == 2
    assert answer.stderr.startswith("error: notes.txt cannot be read as a picture: ")
    assert answer.stderr.count("\n") == 1
    assert not answer.stdout


@pytest.mark.usefixtures("own")
def test_a_missing_file_and_a_folder_without_pictures_are_named():
    with pytest.raises(UserError, match=r"missing.png cannot be read as a picture"):
        main(("missing.png",), device="cpu")
    Path("new").mkdir()
    with pytest.raises(UserError, match="no picture in new"):
        main(("new",), device="cpu")
