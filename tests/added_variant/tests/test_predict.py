"""A whole run: train, score, answer for new points."""


def test_it_learns_which_side_a_point_is_on(command, tmp_path):
    assert command("train.py", "--device", "cpu").returncode == 0
    (tmp_path / "new.txt").write_text("0.1 0.2\n0.8 0.9\n", encoding="utf-8")
    answers = command("predict.py", "new.txt").stdout.splitlines()
    assert [line.split()[2] for line in answers] == ["below", "above"]
