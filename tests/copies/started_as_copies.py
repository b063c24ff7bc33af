"""Start the commands of a project as copies of this process, in which their packages are loaded.

To start Python and to load PyTorch, scikit-learn and Matplotlib takes seconds, a short training
less than one. `start_as_copies()` loads the packages once, and changes `subprocess.Popen`: what
would start this Python anew then begins as a copy of this process (a fork) where Linux has them.
It is a process of its own, with its own folder, environment, standard streams, signals and exit
code. Nothing of the project is loaded in it, and it reads its files as a user's command does.

As a pytest plugin, `-p started_as_copies`, it does so for the tests. A command is started as ever
where a copy would not be the same: with other settings of Python or of a package in its
environment, with a file that hides a loaded package, or with options of Python's own.
"""

import atexit
import faulthandler
import gc
import importlib
import io
import locale
import logging
import multiprocessing.util
import os
import random
import runpy
import signal
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

PACKAGES = [
    "torch",
    "numpy",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "PIL.Image",
    "sklearn.datasets",
    "sklearn.ensemble",
    "sklearn.feature_extraction.text",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.pipeline",
    "tqdm",
    "tyro",
    "yaml",
    "torch.nn.parallel",
    "torch.distributed.fsdp",
    "torch.optim.lr_scheduler",
    "safetensors.torch",
    "onnx",
    "onnxruntime",
    "onnxscript",
    "torch.onnx",
    "timm",
    "transformers",
    # What these load when they are first used, and some of that is slow.
    "torch._dynamo",  # by the first optimizer
    "matplotlib.pyplot",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.ImageOps",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "colorama",
    "typeguard",
    "torch.profiler",
    "networkx",  # from here on: by torch.onnx.export
    "filelock",
    "torch.export._trace",
    "torch._functorch.aot_autograd",
    "torch._inductor.codecache",
    "torch.onnx._internal.exporter._compat",
    "onnxscript.function_libs.torch_lib.ops",
]
# A variable whose name begins so is read when Python or a package starts.
READ_AT_START = ("PYTHON", "LANG", "LC_", "OMP", "MKL", "KMP", "MPL", "TORCH_", "CUDA", "HF_")
PYTHONPATH = "PYTHONPATH"  # the one of them that a copy can follow
ADDED_BY_PACKAGES = ("KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK")  # by scikit-learn
OF_PYTHON = [Path(sys.prefix), Path(sys.base_prefix), Path(os.__file__).parent]
REAL_POPEN = subprocess.Popen
BEFORE = dict(os.environ)  # when this file was loaded
# What Python begins with (docs.python.org: the default warning filter).
FILTERS = [
    ("default", None, DeprecationWarning, "__main__", 0),
    ("ignore", None, DeprecationWarning, None, 0),
    ("ignore", None, PendingDeprecationWarning, None, 0),
    ("ignore", None, ImportWarning, None, 0),
    ("ignore", None, ResourceWarning, None, 0),
]
ENCODING = locale.getpreferredencoding(False).lower()
ERRORS = sys.__stdin__.errors if sys.__stdin__ else "strict"
at_start: dict[str, str] = {}  # the variables that Python and the packages have read here


def is_read_at_start(name: str) -> bool:
    """Return whether Python or a package reads this variable when it starts."""
    return name.startswith(READ_AT_START) and name != PYTHONPATH


def is_of_python(path: Path) -> bool:
    """Return whether a path belongs to Python or to its installed packages."""
    return any(path.is_relative_to(folder) for folder in OF_PYTHON)


def is_installed(module: Any) -> bool:
    """Return whether a module belongs to Python or to an installed package."""
    places = [module.__file__] if getattr(module, "__file__", None) else []
    places = places or list(getattr(module, "__path__", []))
    if not places:  # it is built in, or made by a program
        return getattr(module, "__name__", "") != "__main__"
    return is_of_python(Path(places[0]))


def folders_of(environment: Mapping[str, str]) -> list[Path]:
    """Return the folders of PYTHONPATH."""
    names = environment.get(PYTHONPATH, "").split(os.pathsep)
    return [Path(name) for name in names if name]


def hides_a_package(folder: Path) -> bool:
    """Return whether something there would be loaded instead of what is loaded already."""
    if is_of_python(folder) or not folder.is_dir():
        return False
    if (folder / "sitecustomize.py").exists():  # Python runs it when it starts
        return True
    for path in folder.iterdir():
        module = sys.modules.get(path.stem)
        is_module = path.suffix == ".py" or (path / "__init__.py").exists()
        if module is not None and is_module and is_installed(module):
            return True
    return False


def first_folder(words: list[str], cwd: Path) -> Path | None:
    """Return where a command looks for modules first; None if no copy can be made of it."""
    if len(words) > 1 and words[0] in ("-m", "-c"):
        return cwd
    if words and words[0].endswith(".py"):
        return (cwd / words[0]).resolve().parent
    return None


def is_a_command(module: str, folders: list[Path]) -> bool:
    """Return whether `python -m` with this name is a project's own, or pytest for the first time.

    Of others nobody knows what a copy means to them: a kernel of Jupyter dies, torchrun starts
    Python itself. The server of the demo is left alone, since tests have used Gradio here.
    """
    if module == "tools.demo":
        return False
    if module == "pytest":
        return module not in sys.modules
    name = module.partition(".")[0]
    return any((folder / name).is_dir() or (folder / f"{name}.py").exists() for folder in folders)


def can_be_a_copy(words: list[str], cwd: Path, environment: Mapping[str, str]) -> bool:
    """Return whether a copy of this process does the same as a new Python would."""
    folder = first_folder(words, cwd)
    if folder is None:
        return False
    if words[0] == "-m" and not is_a_command(words[1], [folder, *folders_of(environment)]):
        return False
    for name in {*environment, *at_start}:
        if is_read_at_start(name) and environment.get(name) != at_start.get(name):
            return False
    return not any(map(hides_a_package, [folder, *folders_of(environment)]))


class Popen(REAL_POPEN):
    """A process; where it would start this Python anew, it may be a copy of this process."""

    def __init__(self, args: Any, *more: Any, **options: Any) -> None:
        special = {"preexec_fn", "pass_fds", "shell", "executable", "close_fds"} & options.keys()
        is_list = isinstance(args, list | tuple) and not more and not special
        if is_list and str(args[0]) == sys.executable:
            words = [os.fspath(word) for word in args[1:]]
            given = options.get("env")
            environment = dict(os.environ if given is None else given)
            cwd = Path(options.get("cwd") or ".").absolute()
            if can_be_a_copy(words, cwd, environment):
                # Called in the new process, before another program would be loaded into it.
                options["preexec_fn"] = lambda: become(words, cwd, environment)
        super().__init__(args, *more, **options)


def become(words: list[str], cwd: Path, environment: dict[str, str]) -> None:
    """Turn this process, which is a copy, into a command, and end it."""
    code = 1
    try:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # the parent waits until its pipe is closed
        gc.freeze()  # to look for garbage among the packages takes a second of each pytest
        forget(environment)
        folders = [first_folder(words, cwd), *folders_of(environment)]
        sys.path[:0] = [str(folder) for folder in folders]
        code = exit_code(lambda: run(words))
    finally:
        os._exit(code)


def run(words: list[str]) -> None:
    """Run a module, some code or a script, as Python does with these words."""
    if words[0] == "-m":
        sys.argv = ["-m", *words[2:]]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    elif words[0] == "-c":
        sys.argv = ["-c", *words[2:]]
        sys.path[0] = ""
        module = type(sys)("__main__")
        sys.modules["__main__"] = module
        exec(compile(words[1], "<string>", "exec"), module.__dict__)
    else:
        sys.argv = list(words)
        runpy.run_path(words[0], run_name="__main__")


def exit_code(program: Callable[[], None]) -> int:
    """Run a program to its end, as Python does, and return its exit code."""
    code: int | None = 0
    try:
        program()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if end.code is not None and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
    except KeyboardInterrupt:
        traceback.print_exc()
        code = None
    except BaseException:
        traceback.print_exc()
        code = 1
    with suppress(BaseException):
        threading._shutdown()  # ty: ignore
    with suppress(BaseException):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = 120  # as Python, when nobody reads what it says
    if code is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return (code or 0) & 0xFF


def forget(environment: dict[str, str]) -> None:
    """Bring this process to where a new Python with these packages would be."""
    os.environ.clear()
    os.environ.update(environment)
    for name, module in list(sys.modules.items()):
        if not is_installed(module):
            del sys.modules[name]
    of_pytest = [one for one in sys.meta_path if type(one).__module__.startswith("_pytest")]
    sys.meta_path[:] = [one for one in sys.meta_path if one not in of_pytest]
    programs = str(Path(sys.executable).parent)  # where `pytest` lies
    theirs = [folder for folder in sys.path if folder and is_of_python(Path(folder))]
    sys.path[:] = [folder for folder in theirs if folder != programs]
    importlib.invalidate_caches()

    faulthandler.disable()
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)

    open_streams()
    warnings.resetwarnings()
    warnings.filters[:] = FILTERS  # ty: ignore
    warnings.showwarning = show_warning  # ty: ignore  # pytest keeps them, else
    logging.root.handlers.clear()
    logging.root.setLevel(logging.WARNING)
    logging.disable(logging.NOTSET)
    gc.enable()  # it is off while a process is started

    atexit._clear()
    atexit.register(multiprocessing.util._exit_function)  # ty: ignore
    resource_tracker._resource_tracker._fd = None  # ty: ignore
    resource_tracker._resource_tracker._pid = None  # ty: ignore
    draw_other_numbers()
    begin_threads_of_torch()


def show_warning(
    message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    """Write a warning where Python writes it."""
    file = file or sys.stderr
    if file is not None:
        file.write(warnings.formatwarning(message, category, filename, lineno, line))


def open_streams() -> None:
    """Open the standard streams as Python does when it starts."""
    unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = None
        with suppress(OSError):  # it is closed
            os.fstat(number)
            at_once = unbuffered and number > 0
            raw = open(  # noqa: SIM115
                number, "wb" if number else "rb", buffering=0 if at_once else -1, closefd=False
            )
            stream = io.TextIOWrapper(
                raw,
                encoding=ENCODING,
                errors="backslashreplace" if name == "stderr" else ERRORS,
                line_buffering=not unbuffered and (raw.isatty() or name == "stderr"),
                write_through=unbuffered,
            )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def draw_other_numbers() -> None:
    """Begin with other random numbers than the copies before, as every new process does."""
    random.seed()
    for name in ("numpy.random", "torch"):
        module = sys.modules.get(name)
        if module is not None:
            module.seed()


def begin_threads_of_torch() -> None:
    """Give this copy threads of its own, for those of its parent are not copied.

    PyTorch does so when it first computes. Where several threads compute first at the same time,
    one may find none there and fails: "Invalid thread pool!".
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(torch.get_num_threads())


def start_as_copies() -> None:
    """Load the packages, and start commands as copies from now on, where that can be done."""
    if sys.platform != "linux" or os.environ.get("REAL_COMMANDS") == "1":
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in PACKAGES:
            with suppress(ImportError):
                importlib.import_module(name)
    for name in ADDED_BY_PACKAGES:
        if name not in BEFORE:
            os.environ.pop(name, None)
    at_start.update({name: value for name, value in os.environ.items() if is_read_at_start(name)})
    subprocess.Popen = Popen  # ty: ignore


def pytest_configure(config: Any) -> None:
    """Do so in each process that runs tests, and not in the one that hands them out."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        start_as_copies()
