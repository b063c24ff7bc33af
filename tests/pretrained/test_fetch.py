"""tools.fetch with real weights: what it says of them, and that train.py then finds them."""

import re
from pathlib import Path

from conftest import BACKBONE, TASK

# What lies in the cache, in MB; hub.py lays out a card for texts alone.
SIZES = {"image": (15, 25), "text": (85, 95), "language": (265, 280)}
NO_LICENCE = "its licence is not named there"
LICENCES = {"image": NO_LICENCE, "text": "apache-2.0", "language": NO_LICENCE}
OPTION = "--base" if TASK == "language" else "--backbone"


def test_it_says_where_the_weights_lie_how_large_they_are_and_their_licence(terminal):
    answer = terminal.run("-m", "tools.fetch", BACKBONE)
    assert answer.returncode == 0, answer.stderr
    here, licence, following = answer.stdout.splitlines()
    name, size, folder = re.fullmatch(r"(.+) is here: ([\d.]+) MB in (.+)", here).groups()
    assert name == BACKBONE
    least, most = SIZES[TASK]
    assert least < float(size) < most
    assert list(Path(folder).glob("*.safetensors"))
    assert LICENCES[TASK] in licence
    assert following == f'next: python train.py {OPTION} "{BACKBONE}" --data DATA'


def test_what_is_not_in_the_cache_is_one_line_without_the_web(terminal):
    missing = "tf_efficientnet_lite1" if TASK == "image" else "nobody/nothing"
    answer = terminal.run("-m", "tools.fetch", missing)
    assert answer.returncode == 2
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    assert line.startswith("error: ")
    assert missing in line
    assert "is not in the cache, and huggingface.co does not answer" in line
