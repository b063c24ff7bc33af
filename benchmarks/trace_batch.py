"""What a reader has to open who follows one batch of train.py, from the data to the next step.

    python benchmarks/trace_batch.py PROJECT...

Trains for a few steps in each project, with its own packages, and notes which of its files
are loaded, and which files, functions and lines one batch goes through: from behind an optimizer
step to behind the next one. Prints a line for each project; nothing is written into it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Any

STEP = 5  # the first steps also try whether things fit


class Trace:
    """The lines of a project that were run between two optimizer steps."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.steps = 0
        self.lines: set[tuple[str, int]] = set()
        self.functions: set[tuple[str, str]] = set()

    def is_ours(self, frame: FrameType) -> bool:
        """Return whether a frame runs a file of the project."""
        path = Path(frame.f_code.co_filename)
        return self.project in path.parents and ".venv" not in path.parts

    def note(self, frame: FrameType, event: str, _: Any) -> Any:
        """Keep the line that is about to run, if it is the project's."""
        if not self.is_ours(frame):
            return None
        name = Path(frame.f_code.co_filename).relative_to(self.project).as_posix()
        if event == "line":
            self.lines.add((name, frame.f_lineno))
            self.functions.add((name, frame.f_code.co_qualname))
        return self.note

    def after_step(self, *_: Any) -> None:
        """Begin behind one step, and end behind the next."""
        self.steps += 1
        if self.steps == STEP + 1:
            sys.settrace(None)
        if self.steps != STEP:
            return
        frame: FrameType | None = sys._getframe()
        while frame is not None:  # what is under way already is not asked otherwise
            if self.is_ours(frame):
                frame.f_trace = self.note
            frame = frame.f_back
        sys.settrace(self.note)


def trace(project: Path) -> dict[str, Any]:
    """Return what one batch of a project goes through. This process is in an empty folder."""
    sys.path.insert(0, str(project))
    sys.argv = ["train.py"]
    from torch.optim.optimizer import register_optimizer_step_post_hook

    found = Trace(project)
    register_optimizer_step_post_hook(found.after_step)
    from config import Config
    from train import train

    train(Config(epochs=1, limit_batches=STEP + 3, device="cpu", run_dir="run"))
    loaded = set()
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path and project in Path(path).parents and ".venv" not in Path(path).parts:
            loaded.add(Path(path).relative_to(project).as_posix())
    return {
        "loaded": len(loaded),
        "files": sorted({name for name, _ in found.lines}),
        "functions": len(found.functions),
        "lines": len(found.lines),
    }


def main() -> None:
    """Trace each project in a process of its own."""
    if len(sys.argv) == 3 and sys.argv[1] == "--one":
        print(json.dumps(trace(Path(sys.argv[2]))))
        return
    projects = [Path(word).resolve() for word in sys.argv[1:]]
    if not projects:
        sys.exit("name one or more generated projects")
    print(f"{'':24}{'loaded':>8}{'files':>8}{'functions':>11}{'lines':>8}   files of one batch")
    for project in projects:
        command = [sys.executable, str(Path(__file__).resolve()), "--one", str(project)]
        with tempfile.TemporaryDirectory() as place:
            environment = {**os.environ, "OMP_NUM_THREADS": "1"}
            said = subprocess.check_output(command, cwd=place, env=environment, encoding="utf-8")
        found = json.loads(said.splitlines()[-1])
        counts = f"{found['loaded']:8}{len(found['files']):8}"
        counts += f"{found['functions']:11}{found['lines']:8}"
        print(f"{project.parent.name[:23]:24}{counts}   {' '.join(found['files'])}")


if __name__ == "__main__":
    main()
