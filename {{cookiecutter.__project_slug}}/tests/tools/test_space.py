"""The Space: all that a page needs, nothing that is private, or not there at all."""

import json
import os
import shutil
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

import pytest

from engine.settings import UserError

pytest.importorskip("gradio", reason='needs pip install -e ".[demo]"')
import yaml
from safetensors.torch import load_file

from tools.needed_files import needed_files, pin
from tools.packed_model import unpack
from tools.space import main
from tools.space_push import push_space

PROJECT = Path(__file__).parents[2]
# huggingface.co/docs/hub/spaces-config-reference, and the licence, which every repository may name.
KEYS = {
    *("title", "emoji", "colorFrom", "colorTo", "sdk", "python_version", "sdk_version"),
    *("suggested_hardware", "suggested_storage", "app_file", "app_build_command", "app_port"),
    *("base_path", "fullWidth", "header", "short_description", "models", "datasets", "tags"),
    *("thumbnail", "pinned", "hf_oauth", "hf_oauth_scopes", "hf_oauth_expiration_minutes"),
    *("hf_oauth_authorized_org", "disable_embedding", "startup_duration_timeout"),
    *("custom_headers", "preload_from_hub", "license"),
}
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


@pytest.fixture(scope="module")
def run(trained, tmp_path_factory):
    """The folder of a short run with its Space, made once."""
    folder = tmp_path_factory.mktemp("published") / "run"
    shutil.copytree(trained, folder)
    main(run_dir=str(folder))
    return folder


def read_front_matter(space):
    """Return the settings in the first lines of README.md, and what stands below them."""
    nothing, settings, text = (space / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    assert nothing == ""
    return yaml.safe_load(settings), text


def test_the_folder_holds_a_page_a_model_and_nothing_of_the_training(run):
    space = run / "space"
    names = {path.relative_to(space).as_posix() for path in space.rglob("*") if path.is_file()}
    needed = {"app.py", "requirements.txt", "README.md", "model.safetensors", "model.json"}
    assert needed | {"config.py", "data.py", "model.py", "tools/demo_page.py"} <= names
    kept = {path.name for path in run.iterdir() if path.is_file()}
    assert kept, "the run itself has files"
    assert not kept & {Path(name).name for name in names}  # no checkpoint, scores, curves
    examples = {path.name for path in run.glob("examples/*")}
    assert {Path(name).name for name in names if name.startswith("examples/")} == examples
    assert not [name for name in names if name.endswith((".pt", ".pyc", ".csv.gz"))]


def test_no_text_in_it_names_a_folder_a_user_or_the_machine(run):
    private = {str(PROJECT), str(run), str(Path.home()) + os.sep, socket.gethostname(), run.name}
    private = {word for word in private if len(word) > 5}
    assert len(private) >= 2
    texts = 0
    for path in (run / "space").rglob("*"):
        if path.is_file():
            content = path.read_bytes().decode("utf-8", errors="replace")
            assert not [word for word in private if word in content], path
            texts += 1
    assert texts > 10


def test_the_first_lines_of_the_readme_are_what_hugging_face_reads(run):
    settings, text = read_front_matter(run / "space")
    assert settings.keys() <= KEYS
    assert settings["sdk"] == "gradio"
    assert settings["sdk_version"] == version("gradio")
    assert settings["app_file"] == "app.py"
    assert isinstance(settings["python_version"], str)  # 3.10 as a number would be 3.1
    assert {settings["colorFrom"], settings["colorTo"]} <= COLOURS
    assert settings["pinned"] is False
    assert len(settings["emoji"]) == 1
    assert 0 < len(settings.get("short_description", "x")) <= 60
    assert f"# {settings['title']}\n" in text


def test_each_package_is_pinned_to_the_version_that_is_installed(run):
    lines = (run / "space" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    comment, index, *pins = lines
    assert comment.startswith("# Python 3.")
    assert index == "--extra-index-url https://download.pytorch.org/whl/cpu"
    installed = dict(pin.split("==") for pin in pins)
    assert {"gradio", "numpy", "safetensors", "torch", "pydantic", "fastapi"} <= installed.keys()
    for name, pinned in installed.items():
        assert pinned == version(name).partition("+")[0], name
    assert not [name for name in installed if name.startswith(("nvidia", "triton", "pytest"))]


def test_the_weights_are_those_of_the_best_model_and_no_settings_name_files(run):
    import torch

    from engine.checkpoint import load_checkpoint, weights_of

    checkpoint = load_checkpoint(run / "best.pt")
    expected = weights_of(checkpoint)
    weights = load_file(run / "space" / "model.safetensors")
    assert weights.keys() == expected.keys()
    assert all(torch.equal(weights[name], tensor) for name, tensor in expected.items())
    about = json.loads((run / "space" / "model.json").read_text(encoding="utf-8"))
    assert about["config"]["epochs"] == checkpoint["config"]["epochs"]
    assert not about["config"].keys() & {"data", "run_dir", "init_from"}
    info = unpack(run / "space", torch.device("cpu")).loaded.info
    for name, value in checkpoint["info"].items():
        found = getattr(info, name)
        same = torch.equal(found, value) if isinstance(value, torch.Tensor) else found == value
        assert same, f"data.py's Info has lost {name} on its way through model.json"


@contextmanager
def project_with(tmp_path, name, more):
    """A copy of the project in which a file has more lines."""
    copy = tmp_path / "project"
    skip = shutil.ignore_patterns("runs", ".git", ".venv", "lessons", "tests", "__pycache__")
    shutil.copytree(PROJECT, copy, ignore=skip)
    path = copy / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + more, encoding="utf-8")
    yield copy


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("from pathlib import Path\nPath(__file__).with_name('words.txt').read_text()\n", "fails"),
        ("PLACE = '/home/" + "somebody/photos'\n", "a path of this machine, /home/somebody/photos"),
    ],
)
def test_what_works_beside_the_project_alone_is_refused_in_one_line(
    start, run, tmp_path, more, said
):
    shutil.copytree(run, tmp_path / "run")
    shutil.rmtree(tmp_path / "run" / "space")
    before = sorted((tmp_path / "run").iterdir())
    with project_with(tmp_path, "data.py", more) as project:
        (project / "words.txt").write_text("a", encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": str(project)}
        program = "import sys; sys.path.insert(0, sys.argv[1]); from tools.space import main; "
        program += "from engine.settings import run_command; del sys.argv[1]; run_command(main)"
        answer = start("-c", program, project, "--run-dir", tmp_path / "run", env=environment)
    assert answer.returncode == 2, answer.stderr
    assert answer.stderr.startswith("error: ")
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert sorted((tmp_path / "run").iterdir()) == before


def test_modules_of_your_own_come_along_and_those_of_nobody_do_not(tmp_path):
    (tmp_path / "own").mkdir()
    lines = {
        "app.py": "import model",
        "model.py": "def build():\n    from own import layers\n    import numpy",
        "own/__init__.py": "",
        "own/layers.py": "from . import deeper\nfrom .other import x",
        "own/deeper.py": "import app",
        "own/other.py": "x = 1",
        "unused.py": "import model",
    }
    for name, text in lines.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = needed_files(tmp_path / "app.py", tmp_path)
    names = {path.relative_to(tmp_path).as_posix() for path in found}
    assert names == lines.keys() - {"unused.py"}


def test_what_a_package_needs_is_pinned_with_it():
    pins = pin(["torch"])
    assert f"torch=={version('torch').partition('+')[0]}" in pins
    assert f"sympy=={version('sympy')}" in pins
    assert pins == sorted(pins)
    assert pin([]) == []


@pytest.mark.parametrize("name", ["digits", "a/b/c", ""])
def test_a_name_without_an_owner_is_refused_before_anything_is_done(command, name):
    answer = command("space", "--push", name)
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"error: --push is {name}: ")


def test_who_is_not_logged_in_gets_three_commands(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("tools.space_push.get_token", lambda: None)
    push_space(tmp_path / "space", "you/digits")
    _, *commands = capsys.readouterr().out.splitlines()
    assert [command.split()[:3] for command in commands] == [
        ["hf", "auth", "login"],
        ["hf", "repos", "create"],
        ["hf", "upload", "you/digits"],
    ]
    assert (tmp_path / "space").as_posix() in commands[2]


class Hub(BaseHTTPRequestHandler):
    """Answers as much as huggingface.co does to who puts a folder there."""

    address = ""
    created: ClassVar[list[dict]] = []  # what it was told
    paths: ClassVar[list[str]] = []

    def log_message(self, format, *args):
        """Say nothing."""

    def do_GET(self):
        """Say that there is nothing of what is asked for."""
        self.reply({"error": "there is nothing yet"}, 404)

    def do_POST(self):
        """Take a file, or the name of a Space."""
        sent = self.rfile.read(int(self.headers["content-length"]))
        if self.path.endswith("/repos/create"):
            self.created.append(json.loads(sent))
            self.reply({"url": f"{self.address}/spaces/you/digits"})
        elif self.path.endswith("/validate-yaml"):  # the first lines of README.md
            self.reply({"errors": [], "warnings": []})
        elif self.path.startswith("/api/spaces/you/digits/preupload/"):
            files = json.loads(sent)["files"]
            modes = {"uploadMode": "regular", "shouldIgnore": False}
            self.reply({"files": [file | modes for file in files]})
        elif self.path.startswith("/api/spaces/you/digits/commit/"):
            lines = [json.loads(line) for line in sent.splitlines()]
            self.paths.extend(one["value"]["path"] for one in lines if one["key"] == "file")
            url = f"{self.address}/spaces/you/digits/commit/0"
            self.reply({"commitUrl": url, "commitOid": "0" * 40, "success": True})
        else:
            self.reply({"error": "this is unknown"}, 404)

    def reply(self, value, status=200):
        """Send JSON."""
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A server on this machine that stands for huggingface.co."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Hub.address = f"http://127.0.0.1:{server.server_port}"
    Hub.created.clear()
    Hub.paths.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("tools.space_push.get_token", lambda: "hf_token")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", Hub.address)
    yield server
    server.shutdown()
    server.server_close()


def fill(folder):
    """Return a folder with some files."""
    (folder / "space" / "tools").mkdir(parents=True)
    for name in ("app.py", "README.md", "tools/page.py"):
        (folder / "space" / name).write_text("x", encoding="utf-8")
    return folder / "space"


def test_who_is_logged_in_has_the_folder_put_there(hub, tmp_path, capsys):
    push_space(fill(tmp_path), "you/digits")
    (created,) = Hub.created
    assert (created["type"], created["sdk"]) == ("space", "gradio")
    assert sorted(Hub.paths) == ["README.md", "app.py", "tools/page.py"]
    assert "/spaces/you/digits" in capsys.readouterr().out


def test_what_hugging_face_refuses_is_told_in_one_line(hub, tmp_path):
    with pytest.raises(UserError, match="not put onto Hugging Face: ") as caught:
        push_space(fill(tmp_path), "you/no such name")
    assert "\n" not in str(caught.value)
    hub.shutdown()
    hub.server_close()
    with pytest.raises(UserError, match="not put onto Hugging Face: ") as caught:
        push_space(tmp_path / "space", "you/digits")
    assert "\n" not in str(caught.value)
