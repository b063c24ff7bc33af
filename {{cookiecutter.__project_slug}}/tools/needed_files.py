"""Which files of the project a program needs, and which packages at which versions."""

import ast
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

from packaging.requirements import Requirement

# Where a Space runs. What a package needs on other systems alone is left out.
LINUX = {
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
# What PyTorch needs on a GPU, and not in its build for the CPU.
OF_GPUS = re.compile("nvidia-|cuda-|triton|pytorch-triton")


def needed_files(program: Path, root: Path) -> list[Path]:
    """Return the files of a project that a program imports, and that these import; the program too.

    Imports inside functions count as well.

    Args:
        program: One of its files.
        root: The project's folder, from which its modules are named.
    """
    found: set[Path] = set()
    waiting = [program]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".py":
            for name in imported_by(path, root):
                waiting += files_of_module(name, root)
    return sorted(found)


def imported_by(path: Path, root: Path) -> list[str]:
    """Return the names of the modules that a file imports, such as engine.pictures.

    Of `from engine import pictures` both engine and engine.pictures are named: the second one may
    be a module, too.
    """
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = node.module.split(".") if node.module else []
            if node.level > 0:  # relative: one point is the folder of the file itself
                package = path.relative_to(root).parts[: -node.level]
                parts = [*package, *parts]
            names.append(".".join(parts))
            names += [".".join([*parts, alias.name]) for alias in node.names]
    return names


def files_of_module(name: str, root: Path) -> list[Path]:
    """Return the file of a module and those of the packages around it; none if it is not ours."""
    files = []
    folder = root
    for part in name.split("."):
        if (folder / f"{part}.py").is_file():
            return [*files, folder / f"{part}.py"]
        folder = folder / part
        if not folder.is_dir():
            return files
        if (folder / "__init__.py").is_file():
            files.append(folder / "__init__.py")
    return files


def packages_of(files: Iterable[Path], root: Path, loaded: Iterable[str]) -> list[str]:
    """Return the names of the packages that files import and that were loaded by the program.

    Args:
        files: From needed_files.
        root: The project's folder.
        loaded: The names in `sys.modules` after the program has done what it is for.
    """
    used = {name.partition(".")[0] for name in loaded}
    imported = set()
    for path in files:
        imported |= {name.partition(".")[0] for name in imported_by(path, root)}
    known = packages_distributions()
    found = set()
    for module in imported & used:
        found.update(known.get(module, []))
    return sorted(found)


def pin(packages: Iterable[str]) -> list[str]:
    """Return a line NAME==VERSION for each package, and for all that it needs in its turn.

    The versions are those that are installed here. What stands behind a + in them names a build,
    as in 2.13.0+cpu, and is left out.

    Args:
        packages: Names of installed ones.
    """
    waiting = [Requirement(name) for name in packages]
    extras: dict[str, set[str]] = {}  # those that were asked for, by the name of the package
    versions = {}
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if OF_GPUS.match(name) or (name in extras and wanted.extras <= extras[name]):
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:  # it is for another system, or another Python
            continue
        extras[name] = extras.get(name, set()) | wanted.extras
        versions[name] = installed.version.partition("+")[0]
        for line in installed.requires or []:
            requirement = Requirement(line)
            if is_needed(requirement, extras[name]):
                waiting.append(requirement)
    return [f"{name}=={versions[name]}" for name in sorted(versions)]


def is_needed(requirement: Requirement, extras: set[str]) -> bool:
    """Return whether a Space needs what a package requires, of which these extras are wanted."""
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({**LINUX, "extra": extra}) for extra in ("", *extras))
