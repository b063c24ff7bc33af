"""Make README.md and chart.svg in results/ from the result files that lie there.

    python benchmarks/report.py [--results DIR]

Needs matplotlib. What has no result file is said not to be measured. The tables of
docs/performance.md are made from the same files.
"""

import argparse
import json
from pathlib import Path
from statistics import median
from typing import Any

from measure import HERE, QUICK_RESULTS, RESULTS, bounds, ratio, spread
from slices import paired_ratio

READING = "torch and data.py alone"  # no training: so long many take at least
OTHERS = ("scikit-learn", "AutoGluon", READING)  # who trains no network by itself
SHOWN = 15  # seconds to a mark: longer bars end here
SCRIPTS = {
    "speed": "speed, one core", "pieces": "what a step is made of",
    "starts": "start of the process", "own_dataset": "an ordinary Dataset",
    "evaluation": "evaluation on a CPU",
    "accuracy": "time to accuracy", "growing": "growing data", "files": "many files",
    "long_text": "a long text", "scaling": "several processes", "gpu": "GPU",
}  # fmt: skip
TIMES = ("seconds", "cpu_seconds")
PAGE = HERE.parent / "docs" / "performance.md"
BEGIN = "<!-- Made by benchmarks/report.py of {}: -->\n"
END = "<!-- The end of what it made. -->\n"
INTRO = """# Benchmarks: the project beside a floor and beside other trainers

Made by `nox -s bench` (and `nox -s bench_cuda` on a machine with an NVIDIA GPU); do not edit.
All figures are in the JSON files of this folder. Medians. In brackets stands, for a time per step,
the 95 % interval of the median (bootstrap), for all else the least and the greatest.

All contenders have one thread, the same network, data and batches. *ours* is the `train.py` of a
generated project, only its `model.py` replaced; *floor* a loop by hand, with the data as tensors in
memory and fused AdamW; *naive* what a beginner writes. `contenders/` has all of them. Steps are
timed from outside, while the trainings take turns on one core, each for a part of a second
(`slices.py`): a ratio is that of two in the same cycle. All else is measured one process after the
other.
"""


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def short(value: float) -> str:
    """Return a number with three digits, and all of those before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def text(value: dict[str, float]) -> str:
    """Return a median with its spread."""
    low, high = bounds(value)
    return f"{short(value['median'])} ({short(low)} to {short(high)})"


def middle(results: list[dict[str, float]], key: str, factor: float = 1) -> str:
    """Return the median of a figure over the rounds."""
    return short(median(one[key] for one in results) * factor) if key in results[0] else ""


def write_targets(found: dict[str, Any]) -> str:
    """Return the table of all targets, met or missed."""
    rows = []
    for script, what in SCRIPTS.items():
        for one in found.get(script, {}).get("targets", []):
            limit = f"{one['kind']} {one['limit']:g}"
            rows.append([one["name"], text(one), limit, "met" if one["met"] else "**missed**"])
        if script not in found:
            rows.append([f"{what} (`{script}.py`)", "not measured", "", ""])
    return "## Targets\n\n" + table(["what", "measured", "target", ""], rows)


def missed_table(found: dict[str, Any]) -> str:
    """Return the table of the targets that are missed."""
    rows = []
    for script in SCRIPTS:
        for one in found.get(script, {}).get("targets", []):
            if not one["met"]:
                rows.append([one["name"], text(one), f"{one['kind']} {one['limit']:g}"])
    return table(["what", "measured", "target"], rows)


def write_page(page: str, found: dict[str, Any]) -> str:
    """Return docs/performance.md with its tables made anew."""
    tables = {
        "missed targets": missed_table(found),
        "pieces.json": pieces_table(found["pieces"]),
    }
    if "accuracy" in found:
        tables["accuracy.json"] = accuracy_table(found["accuracy"]["jobs"])
    for what, made in tables.items():
        before, begin, rest = page.partition(BEGIN.format(what))
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise RuntimeError(f"docs/performance.md has no place for {what}")
        page = before + begin + "\n" + made + "\n" + end + after
    return page


def what_is_missed(found: dict[str, Any]) -> str:
    """Return a line for each target that is missed or was not measured, and how many are met."""
    targets = [one for script in SCRIPTS for one in found.get(script, {}).get("targets", [])]
    lines = []
    for one in targets:
        if not one["met"]:
            lines.append(f"missed: {one['name']}: {text(one)}, {one['kind']} {one['limit']:g}")
    lines += [f"not measured: {SCRIPTS[script]}" for script in SCRIPTS if script not in found]
    met = sum(one["met"] for one in targets)
    return "\n".join([*lines, f"{met} of {len(targets)} targets are met"])


def write_peers(speed: dict[str, Any]) -> str:
    """Return the tables of all contenders, and of networks and batch sizes."""
    whole, steps = speed["runs"]["measured"], speed["steps"][0]
    beside = steps["mlp 64"]
    rows = []
    for name, results in whole.items():
        per_second = short(1e6 / median(beside[name]))
        step = text(paired_ratio(beside[name], beside["floor"]))
        kept = [middle(results, key) for key in ("seconds", "first_step", "peak_mb", "accuracy")]
        rows.append([name, per_second, step, *kept])
    head = ["", "steps/s", "time per step / floor", "whole process s", "first step s", "peak MB",
            "accuracy"]  # fmt: skip
    title = f"## Perceptron on the digits, batches of 64, {speed['runs']['epochs']} epochs"
    note = "The accuracy is of the validation part, to see that something was learned.\n"
    parts = [title, table(head, rows) + "\n" + note]
    rows = []
    for name, found in steps.items():
        times = [short(median(found[who])) for who in ("floor", "ours", "naive")]
        ratios = []
        for who in ("floor", "naive"):
            for one in speed["steps"]:
                ratios.append(text(paired_ratio(one[name]["ours"], one[name][who])))
        rows.append([name, *times, *ratios])
    head = ["network, batch", "floor µs/step", "ours", "naive", "ours / floor", "once more",
            "ours / naive", "once more"]  # fmt: skip
    return "\n\n".join([*parts, "## Networks and batch sizes\n\n" + table(head, rows)])


def write_pieces(pieces: dict[str, Any]) -> str:
    """Return the section on what a step is made of."""
    title = f"## What a step is made of, batches of {pieces['batch_size']}\n\n"
    return title + pieces_table(pieces)


def pieces_table(pieces: dict[str, Any]) -> str:
    """Return the table of what a step costs without a part of it."""
    measured = pieces["measured"]
    rows = []
    for way in next(iter(measured.values())):
        figures = []
        for found in measured.values():
            figures += [short(found[way]["step_us"]), text(found[way]["times the floor"])]
        rows.append([way, *figures])
    head = ["a step without"]
    for model in measured:
        head += [f"{model}: µs", "times the floor"]
    return table(head, rows)


def write_own_dataset(found: dict[str, Any]) -> str:
    """Return the table of an ordinary Dataset."""
    rows = []
    for way, times in found["measured"].items():
        rows.append([way, *(f"{short(median(one))}, {name}" for name, one in times.items())])
    most = max(len(row) for row in rows)
    rows = [row + [""] * (most - len(row)) for row in rows]
    head = ["pictures of 96 x 96 in", "µs an example", *[""] * (most - 2)]
    return "## An ordinary Dataset, read example by example\n\n" + table(head, rows)


def seconds_to_mark(rounds: list[dict[str, Any]]) -> dict[str, float] | None:
    """Return the seconds of CPU to the mark, or None if it was missed in a round."""
    if not all(found["reached"] for found in rounds):
        return None
    return spread(found["cpu_seconds"] for found in rounds)


def accuracy_cell(rounds: list[dict[str, Any]], quickest: float) -> str:
    """Return what a program took to the mark, or how far it came.

    Args:
        rounds: What was measured, in each round.
        quickest: The seconds that stand in bold.
    """
    seconds = seconds_to_mark(rounds)
    if seconds is None:
        missed = [found for found in rounds if not found["reached"]]
        best = max(found["best"] for found in missed)
        longest = max(found["cpu_seconds"] for found in missed)
        if best == 0:  # it had said nothing when its time was over
            return f"not in {longest:.0f} s"
        often = f"{len(missed)} of {len(rounds)} not" if len(missed) < len(rounds) else "not"
        return f"{often}: {best:.3f} in {longest:.0f} s"
    shown = f"{seconds['median']:.1f}"
    if seconds["median"] == quickest:
        shown = f"**{shown}**"
    if len(rounds) == 1:
        return f"{shown}, once"
    return f"{shown} ({seconds['least']:.1f} to {seconds['most']:.1f})"


def accuracy_rows(jobs: dict[str, dict[str, Any]]) -> list[str]:
    """Return everybody who took part: first those that train networks, then the others."""
    everybody = dict.fromkeys(who for job in jobs.values() for who in job["measured"])
    return sorted(everybody, key=lambda who: (who == READING, who.startswith(OTHERS)))


def accuracy_table(jobs: dict[str, dict[str, Any]]) -> str:
    """Return the table of the time to accuracy."""
    quickest = {}
    for name, job in jobs.items():
        found = []
        for who, rounds in job["measured"].items():
            if who != READING and (seconds := seconds_to_mark(rounds)):
                found.append(seconds["median"])
        quickest[name] = min(found, default=0.0)
    rows = []
    for who in accuracy_rows(jobs):
        cells = []
        for name, job in jobs.items():
            rounds = job["measured"].get(who)
            cells.append(accuracy_cell(rounds, quickest[name]) if rounds else "")
        rows.append([who, *cells])
    return table(["", *(f"{name}, {job['mark']:g}" for name, job in jobs.items())], rows)


def write_accuracy(accuracy: dict[str, Any]) -> str:
    """Return the tables of the time to accuracy, and of fastai's steps."""
    rows = []
    for model, found in (accuracy["steps"] or {}).items():
        row = [f"{model}, batches of 64", f"{found['floor_us']:.0f}"]
        rows.append([*row, *(text(found[who]) for who in ("ours", "naive", "fastai"))])
    head = ["", "floor µs/step", "ours / floor", "naive / floor", "fastai / floor"]
    return "\n".join([
        "## Time to accuracy\n",
        "Seconds of CPU from the command to the mark, one thread: median, least and most.\n",
        "![the same as bars](accuracy.svg)\n",
        accuracy_table(accuracy["jobs"]),
        f"Time per step, with torch {accuracy['versions']['torch']}:\n",
        table(head, rows),
    ])  # fmt: skip


def write_starts(starts: dict[str, Any]) -> str:
    """Return the table of the commands' times."""
    keys = ("seconds", "ready", "first_step", "peak_mb")
    rows = [
        [name, *(middle(results, key) for key in keys)]
        for name, results in starts["measured"].items()
    ]
    head = ["process", "seconds in all", "data there after s", "first step after s", "peak MB"]
    return "## Start of the process, default project\n\n" + table(head, rows)


def write_evaluation(found: dict[str, Any]) -> str:
    """Return the table of evaluation, by how many pictures it takes at once."""
    rows = []
    for name, one in found["measured"].items():
        times = [short(median(times)) for times in one["us"].values()]
        rows.append([name, *times[:-1], f"{times[-1]} ({one['at once']} at once)"])
    ways = list(next(iter(found["measured"].values()))["us"])
    head = ["pictures, µs each", *[f"{way} at once" for way in ways[:-1]], ways[-1]]
    return "## Evaluation on a CPU, the project's network\n\n" + table(head, rows)


def write_growing(growing: dict[str, Any]) -> str:
    """Return the tables of data sizes and of pictures."""
    rows = []
    for size, one in growing["sizes"].items():
        step, fetch, start = (median(one[key]) for key in ("step", "fetch", "start"))
        rows.append([f"{int(size):,}", short(step * 1e6), short(fetch * 1e6), short(start * 1e3)])
    head = ["examples", "step µs", "of these for its batch", "start of an epoch ms"]
    memory, pictures = growing["memory"], growing["pictures"]
    cached, decoded = (median(pictures[key]) for key in ("cached", "decoded"))
    first, second = pictures["loading"]
    return "\n".join([
        "## Growing data\n",
        table(head, rows),
        f"The order of an epoch takes {memory['held']:.1f} bytes an example, at its making "
        f"{memory['peak']:.1f}.\n",
        f"{pictures['trained_on']:,} pictures: {decoded * 1e3:.0f} ms an epoch decoded each time, "
        f"{cached * 1e3:.1f} ms from the cache. Loading all {pictures['pictures']:,} takes "
        f"{first:.2f} s the first time, then {second:.2f} s.\n",
    ])  # fmt: skip


def write_files(files: dict[str, Any]) -> str:
    """Return the tables of many pictures in files."""
    sizes = dict(files["sizes"])
    if "million" in files:
        sizes["1000000"] = {turn: [files["million"][turn]] for turn in ("first", "second")}
    rows = []
    for size, found in sizes.items():
        one = 1e6 / int(size)
        first, second = found["first"], found["second"]
        kept = middle(second, "held", one / 1e6), middle(first, "peak", one / 1e6)
        times = [middle(turn, key, one) for turn in (first, second) for key in TIMES]
        later = middle(second, "start", 1e3), middle(second, "batch", 1e6)
        rows.append([f"{int(size):,}", *times, *kept, *later])
    head = ["files", "first load: µs each", "of CPU", "second load: µs each", "of CPU",
            "bytes each", "at most", "start of an epoch ms", "a batch of 64 µs"]  # fmt: skip
    parts = ["## Pictures in files\n", table(head, rows)]
    rows = []
    for name, found in files["cores"].items():
        cells = []
        for way in ("one", "all"):
            used = spread(one["cpu_seconds"] / one["seconds"] for one in found[way])
            cells += [middle(found[way], "seconds", 1e6 / found["files"]), short(used["median"])]
        rows.append([name, f"{found['files']:,}", *cells])
    head = ["pictures", "files", "one core: µs each", "cores in use", "all: µs each",
            "cores in use"]  # fmt: skip
    parts += ["The first load, on one core and on all:\n", table(head, rows)]
    if "peers" in files:
        ways = [way for way in files["peers"]["small"] if ", " in way]
        rows = []
        for name in files["cores"]:
            rows.append([name, *(short(files["peers"][name][way]) for way in ways)])
        parts += ["Other readers, in each epoch, µs a picture:\n", table(["", *ways], rows)]
    return "\n".join([*parts, write_beyond(files.get("beyond"))])


def write_beyond(beyond: dict[str, Any] | None) -> str:
    """Return the table of a cache beyond memory."""
    if not beyond:
        return "A cache beyond memory: not measured.\n"
    rows = []
    for name, title in (("free", "all of the machine's"), ("held", "held to less")):
        first, second = beyond[name]["first"], beyond[name]["second"]
        cells = [short(first["seconds"]), short(second["seconds"]), short(1e3 * second["batch"])]
        rows.append([title, *cells])
    head = ["memory", "first load s", "second load s", "a batch of 64 ms"]
    sizes = f"{beyond['cache'] / 1e6:,.0f} MB of pictures, {beyond['memory'] / 1e6:,.0f} MB"
    ended, refused = beyond["train"], beyond["ulimit"]
    return "\n".join([
        f"A cache beyond memory, {sizes} of memory:\n",
        table(head, rows),
        f"There a training ended with exit code {ended['exit_code']}. With `ulimit -v` of "
        f"{beyond['addresses'] / 1e6:,.0f} MB it ended with {refused['exit_code']}, and said: "
        f"`{refused['last_line']}`\n",
    ])  # fmt: skip


def write_long_text(found: dict[str, Any]) -> str:
    """Return the table of texts of a language model."""
    rows = []
    for size, loads in found["loads"].items():
        each = 1e9 / loads[0]["characters"]
        cells = [middle(loads, "seconds"), middle(loads, "cpu_seconds", each)]
        cells.append(middle(loads, "system_seconds", each))
        cells += [middle(loads, key, each / 1e9) for key in ("held", "peak")]
        later = ["", "", ""]
        if size in found["steps"]:
            steps = found["steps"][size]
            later = [short(median(steps[way]) * 1e3) for way in ("step", "fetch", "start")]
        rows.append([f"{int(size):,}", *cells, *later])
    head = ["characters", "load s", "ns of CPU each", "of these the system's", "bytes each",
            "at most", "step ms", "of these for its batch", "start of an epoch ms"]  # fmt: skip
    return "## A long text\n\n" + table(head, rows)


def write_scaling(scaling: dict[str, Any]) -> str:
    """Return the table of threads and processes."""
    measured, alone = scaling["measured"], "1 process, 1 thread"
    rows = [
        [way, middle(results, "seconds"), text(ratio(measured, "seconds", alone, way))]
        for way, results in measured.items()
    ]
    head = ["cnn, batches of 1,024", "seconds per epoch", "times as fast as one thread"]
    parts = ["## Several processes on two cores\n", table(head, rows)]
    if "pieces" in scaling:
        rows = [[piece, text(part)] for piece, part in scaling["pieces"]["without"].items()]
        head = ["what two processes do not tell each other", "a step, as a part of the whole one"]
        parts.append(table(head, rows))
    return "\n".join(parts)


def write_gpu(gpu: dict[str, Any] | None) -> str:
    """Return the table of the GPU, or that there is none."""
    title = "## GPU\n\n"
    if gpu is None:
        return title + "Not measured: there was no NVIDIA GPU. `nox -s bench_cuda` does it.\n"
    parts = gpu["parts"]
    rows = []
    for name, part in parts.items():
        for who, results in part.get("measured", {}).items():
            per_second = 1e6 / median(one["step_us"] for one in results)
            rate = middle(results, "per_second")
            memory = middle(results, "gpu_mb")
            rows.append([name.removeprefix("speed "), who, short(per_second), rate, memory])
    speed = table(["network", "", "steps/s", "pictures or characters/s", "GPU MB"], rows)
    rows = []
    for name, part in parts.items():
        if "measured" in part:
            continue
        said = {key: value for key, value in part.items() if key not in ("seconds", "said")}
        rows.append([name, part["seconds"], json.dumps(said).strip("{}").replace("|", "/")])
    others = table(["part", "seconds", "found"], rows)
    card = parts.get("card", {}).get("card", f"none: the script was tried on {gpu['device']}")
    versions = gpu["versions"]
    return f"{title}{card}, torch {versions['torch']}\n\n{speed}\n{others}"


def write_place(found: dict[str, Any]) -> str:
    """Return when, of which commit, where and with what each file was measured."""
    rows = []
    for script, one in found.items():
        where = one["machine"]
        machine = f"{where['cpu']}, {where['cores']} cores, {where['system']}"
        versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
        file = f"[{script}.json]({script}.json)"
        rows.append([file, one["date"], one["commit"], machine, versions])
    head = ["file", "date", "commit", "machine", "versions"]
    return "## When and where\n\n" + table(head, rows)


def draw(speed: dict[str, Any], path: Path) -> None:
    """Draw steps per second and whole runs as bars."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams["svg.hashsalt"] = "chart"  # the same figures make the same file
    measured, steps = speed["runs"]["measured"], speed["steps"][0]["mlp 64"]
    names = sorted(measured, key=lambda name: median(steps[name]))
    figure = Figure(figsize=(9, 3.6), layout="constrained", facecolor="white")
    rates = [1e6 / median(steps[name]) for name in names]
    runs = [median(one["seconds"] for one in measured[name]) for name in names]
    epochs = speed["runs"]["epochs"]
    titles = ("training steps per second (more is better)",
              f"whole run of {epochs} epochs, seconds (less is better)")  # fmt: skip
    colours = ["#d1495b" if name == "ours" else "#9aa5b1" for name in names]
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, values, title in zip((left, right), (rates, runs), titles, strict=True):
        bars = axes.barh(names, values, color=colours)
        axes.bar_label(bars, [short(value) for value in values], padding=3, fontsize=9)
        axes.set_title(title, fontsize=10)
        axes.margins(x=0.12)
        axes.xaxis.set_visible(False)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    left.invert_yaxis()
    left.get_yticklabels()[names.index("ours")].set_fontweight("bold")
    figure.supxlabel(
        f"perceptron of 26,122 parameters on the digits, batches of 64, one "
        f"thread, torch {speed['versions']['torch']}", fontsize=8, color="#555555",
    )  # fmt: skip
    figure.savefig(path, metadata={"Date": None})


def draw_accuracy(accuracy: dict[str, Any], path: Path) -> None:
    """Draw the seconds to each mark as bars; whoever misses it has none."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams["svg.hashsalt"] = "chart"  # the same figures make the same file
    jobs = accuracy["jobs"]
    names = accuracy_rows(jobs)
    colours = ["#9aa5b1"] * len(names)
    colours[names.index("ours")] = "#d1495b"
    figure = Figure(figsize=(13, 5.4), layout="constrained", facecolor="white")
    panels = figure.subplots(1, len(jobs), sharey=True)
    for axes, (name, job) in zip(panels, jobs.items(), strict=True):
        most = 0.0
        for place, who in enumerate(names):
            rounds = job["measured"].get(who)
            if rounds is None:
                continue
            seconds = seconds_to_mark(rounds)
            if seconds is None:
                axes.text(0, place, " not", va="center", fontsize=8, color="#888888")
                continue
            most = max(most, min(seconds["median"], SHOWN))
            bars = axes.barh(place, min(seconds["median"], SHOWN), color=colours[place])
            axes.bar_label(bars, [short(seconds["median"])], padding=3, fontsize=8)
        axes.set_title(f"{name}, {job['mark']:g}", fontsize=10)
        axes.set_xlim(0, 1.3 * most)
        axes.xaxis.set_visible(False)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.invert_yaxis()
    figure.supxlabel(
        f"seconds of one core from the command to the mark (less is better; longer bars end at "
        f"{SHOWN} s), torch {accuracy['versions']['torch']}", fontsize=9, color="#555555",
    )  # fmt: skip
    figure.savefig(path, metadata={"Date": None})


def read_results(folder: Path) -> dict[str, Any]:
    """Return what each script has measured, where it was run."""
    found = {}
    for script in SCRIPTS:
        path = folder / f"{script}.json"
        if path.exists():
            found[script] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write README.md and chart.svg, and print what is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path)
    parser.add_argument("--quick", action="store_true", help="of the quick run")
    options, _ = parser.parse_known_args()  # what the other scripts take
    folder = options.results or (QUICK_RESULTS if options.quick else RESULTS)
    found = read_results(folder)
    parts = [INTRO, write_targets(found)]
    if "speed" in found:
        draw(found["speed"], folder / "chart.svg")
        parts += ["![steps per second and whole runs](chart.svg)\n", write_peers(found["speed"])]
    if "accuracy" in found:
        draw_accuracy(found["accuracy"], folder / "accuracy.svg")
    writers = {
        "pieces": write_pieces,
        "starts": write_starts,
        "own_dataset": write_own_dataset,
        "evaluation": write_evaluation,
        "accuracy": write_accuracy,
        "growing": write_growing,
        "files": write_files,
        "long_text": write_long_text,
        "scaling": write_scaling,
    }
    parts += [write(found[name]) for name, write in writers.items() if name in found]
    parts += [write_gpu(found.get("gpu")), write_place(found)]
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8", newline="\n")
    if folder == RESULTS:
        page = write_page(PAGE.read_text(encoding="utf-8"), found)
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    print(what_is_missed(found))


if __name__ == "__main__":
    main()
