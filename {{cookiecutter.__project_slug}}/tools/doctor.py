"""Say what this machine has, what a training will use, what runs/ holds; or tidy up there."""

import platform
from importlib.metadata import PackageNotFoundError, version

from engine.runs import RUNS, age, run_folders
from engine.settings import run_command

PACKAGES = ("torch", "numpy", "matplotlib", "scikit-learn", "tyro")


def main(clean: bool = False) -> None:
    """Print what there is, what a training would use and why, and whether its files can be read.

    Args:
        clean: Only remove what no program uses: runs/cache, which the next training makes anew,
            and what killed programs have left unfinished in runs/.
    """
    from tools.leftovers import describe_cache, remove_leftovers

    if clean:
        remove_leftovers()
        return
    import torch  # loads slowly: --help must not wait for it

    from config import Config
    from data import load_data
    from engine.device import autocast, pick_device

    print(f"Python {platform.python_version()} on {platform.platform()}")
    print("packages:", ", ".join(f"{name} {installed(name)}" for name in PACKAGES))
    device = pick_device("auto")
    for number in range(torch.accelerator.device_count()):
        name = torch.get_device_module(device).get_device_name(number)
        print(f"{device.type}:{number}: {name}")
    if device.type == "cpu":
        reason = "PyTorch finds no GPU that it can use"
    else:
        reason = "the fastest here"
    number_format = torch.float32
    context = autocast(device, "auto")
    if isinstance(context, torch.autocast):
        number_format = context.fast_dtype
    threads = torch.get_num_threads()
    print(f"a training will use {device} ({reason}), {number_format} and {threads} threads")
    data = load_data(Config())
    sizes = []
    for name, part in {"train": data.train, "val": data.val, "test": data.test}.items():
        sizes.append(f"{len(part)} {name}")
    print("data:", ", ".join(sizes))
    print(describe_cache())
    check_newest_run()


def installed(package: str) -> str:
    """Return the version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "is missing"


def check_newest_run() -> None:
    """Print whether the newest last.pt is whole.

    Raises:
        UserError: It is damaged.
    """
    from engine.checkpoint import load_run_checkpoint

    folders = [folder for folder in run_folders(RUNS) if (folder / "last.pt").exists()]
    if not folders:
        print("runs: none has a last.pt yet")
        return
    newest = max(folders, key=age) / "last.pt"
    checkpoint = load_run_checkpoint(newest)
    print(f"{newest}: whole, {checkpoint['epoch']} epochs")


if __name__ == "__main__":
    run_command(main)
