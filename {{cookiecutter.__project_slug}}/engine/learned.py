"""Begin with weights that have learned already: those of --backbone, or of another run."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from engine.checkpoint import load_run_checkpoint, weights_of
from engine.dataset import Info
from engine.distributed import plain
from engine.names import as_on_disk
from engine.settings import Settings, UserError, flag

MARK = "names_of_learned_weights"  # the attribute of a model that set_learned sets
BACKBONE = "backbone"  # what the part of a network is called that has learned elsewhere
NEWLY = 3  # so many new layers are named in a line
BuildModel = Callable[..., nn.Module]  # that of model.py


def mark_backbone(model: nn.Module) -> None:
    """Note which weights have learned already: those of the part that is called `backbone`."""
    names = {name for name, _ in model.named_parameters() if name.startswith(BACKBONE + ".")}
    set_learned(model, names)


def set_learned(model: nn.Module, names: set[str]) -> None:
    """Note which weights have learned already. Where all or none have, there is no difference.

    Args:
        model: From build_model.
        names: Of weights, as in `named_parameters`.
    """
    trainable = {name for name, weight in model.named_parameters() if weight.requires_grad}
    learned = names & trainable  # those that build_model has frozen stay frozen
    if learned == trainable:
        learned = set()
    setattr(model, MARK, frozenset(learned))


def learned_names(model: nn.Module) -> frozenset[str]:
    """Return the names of the weights that have learned already; none where all are alike."""
    return getattr(model, MARK, frozenset())


def learned_weights(model: nn.Module) -> list[nn.Parameter]:
    """Return the weights that have learned already, but not while they are frozen."""
    names = learned_names(model)
    return [
        weight
        for name, weight in model.named_parameters()
        if name in names and weight.requires_grad
    ]


def new_weights(model: nn.Module) -> list[nn.Parameter]:
    """Return all other weights."""
    names = learned_names(model)
    return [weight for name, weight in model.named_parameters() if name not in names]


def frozen_names(model: nn.Module) -> frozenset[str]:
    """Return the names of the weights that stand still now."""
    weights = model.named_parameters(remove_duplicate=False)
    return frozenset(name for name, weight in weights if not weight.requires_grad)


def always_frozen(model: nn.Module) -> frozenset[str]:
    """Return the names of the weights of a backbone that build_model has frozen for good."""
    return frozenset(name for name in frozen_names(model) if name.startswith(BACKBONE + "."))


def check_frozen(model: nn.Module, settings: Settings) -> None:
    """Refuse settings for layers that have learned already where there are none beside new ones."""
    if learned_names(model):
        return
    ways = "--init-from a run with other classes, or a part of the network called backbone"
    if hasattr(settings, BACKBONE):
        ways = f"--backbone, {ways}"
    for name, usual in {"frozen_epochs": 0, "backbone_lr": None}.items():
        value = getattr(settings, name)
        if value != usual:
            raise UserError(
                f"{flag(name)} is {value}, but there are no layers that have learned already "
                f"beside new ones: it needs {ways}"
            )


def set_frozen(model: nn.Module, is_frozen: bool) -> None:
    """Let the weights that have learned already stand still, or learn again."""
    names = learned_names(model)
    for name, weight in model.named_parameters():
        if name in names:
            weight.requires_grad_(not is_frozen)


def keep_frozen_statistics(model: nn.Module) -> None:
    """Put what is frozen, and normalisation that has learned already, into evaluation mode.

    A part is frozen when all its weights have `requires_grad = False`. In training mode its
    dropout would still change what it gives, and its normalisation layers would average the
    batches into their running_mean and running_var. In a part that has learned already, these were
    averaged over many more examples than there are now.
    """
    model = plain(model)
    learned = learned_names(model)
    for name, part in model.named_modules():
        weights = dict(part.named_parameters(prefix=name))
        if not weights:
            continue
        if not any(weight.requires_grad for weight in weights.values()):
            part.eval()
        elif learned.issuperset(weights):
            for layer in part.modules():  # also those that have statistics, but no weights
                if hasattr(layer, "running_mean"):
                    layer.eval()


def learned_lr(settings: Settings) -> float:
    """Return the peak learning rate of the weights that have learned already."""
    if settings.backbone_lr is None:
        return settings.lr / 10
    return settings.backbone_lr


def load_learned(
    model: nn.Module, settings: Settings, info: Info, build_model: BuildModel
) -> list[str]:
    """Load the weights that a new training begins with; return lines that say what was done.

    Args:
        model: From build_model.
        settings: --init-from names another run. Without it a backbone loads its own weights, if
            it has a method load_pretrained; else it has them already.
        info: What is known of the data.
        build_model: That of model.py.

    Raises:
        UserError: There is no such run, or nothing in it fits.
    """
    mark_backbone(model)
    if settings.init_from is not None:
        return load_from_run(model, settings, info, build_model)
    backbone = getattr(model, BACKBONE, None)
    load_pretrained = getattr(backbone, "load_pretrained", None)
    if load_pretrained is not None:
        load_pretrained()
    return []


def load_from_run(
    model: nn.Module, settings: Settings, info: Info, build_model: BuildModel
) -> list[str]:
    """Give a new model the weights of a run's best model, where they fit.

    A weight fits if the run has one of its name and shape. But where the classes are others, the
    layer that tells them apart is new, even if there are as many of them. So are, where the
    characters of a language model are others, the layers with a row for each.
    """
    folder = as_on_disk(str(settings.init_from))
    if not folder.is_dir():
        raise UserError(f"--init-from is {folder}: there is no such folder of a run")
    checkpoint = load_run_checkpoint(folder / "best.pt")
    check_same_backbone(folder, checkpoint, settings)
    saved = weights_of(checkpoint)
    own = model.state_dict()
    changed = []  # which of these lists is another one in the run
    for field in ("classes", "characters"):  # a language model alone has the second one
        if hasattr(info, field) and checkpoint["info"].get(field) != getattr(info, field):
            changed.append(field)
    of_others: set[str] = set()
    for field in changed:
        of_others |= depend_on_count(field, own, settings, info, build_model)
    taken, new = {}, []
    for name, value in own.items():
        if name in saved and saved[name].shape == value.shape and name not in of_others:
            taken[name] = saved[name]
        else:
            new.append(name)
    weights = {name for name, _ in model.named_parameters()}
    if not weights & taken.keys():
        reason = ""
        if of_others:
            others = " and ".join(changed)
            reason = f": its {others} are others, and every weight of this network belongs to one"
        raise UserError(f"no weight of {folder} fits the network of model.py{reason}")
    model.load_state_dict(taken, strict=False)
    if new:
        set_learned(model, weights & taken.keys())
    lines = [describe_taken(folder, len(taken), len(own), new, own, saved)]
    lines += describe_inputs(folder, checkpoint["info"], asdict(info))
    return lines


def depend_on_count(
    field: str, own: dict[str, Tensor], settings: Settings, info: Info, build_model: BuildModel
) -> set[str]:
    """Return the names of the weights whose shape depends on how many of something there are.

    Args:
        field: Of Info, which lists them: classes or characters.
        own: All weights of the network.
        settings: For build_model.
        info: What is known of the data.
        build_model: That of model.py.
    """
    one_more = replace(info, **{field: [*getattr(info, field), "another"]})
    other = build_model(settings, one_more).state_dict()
    return {
        name for name, value in own.items() if name in other and other[name].shape != value.shape
    }


def check_same_backbone(folder: Path, checkpoint: dict[str, Any], settings: Settings) -> None:
    """Refuse a run with another --backbone or --base: few weights may fit, the rest be random.

    Raises:
        UserError: The run has another one, or it alone has one, or has none.
    """
    for name in (BACKBONE, "base"):
        was = checkpoint["config"].get(name)
        now = getattr(settings, name, None)
        if was == now:
            continue
        if was is None:
            raise UserError(
                f"{folder} was trained without --{name}: leave out --{name} or --init-from"
            )
        raise UserError(
            f"{folder} was trained with --{name} {was}: name this one, or leave out --init-from"
        )


def describe_taken(
    folder: Path,
    taken: int,
    count: int,
    new: list[str],
    own: dict[str, Tensor],
    saved: dict[str, Tensor],
) -> str:
    """Return a line that says how much of a run was taken over, and names what is new."""
    if not new:
        return f"begins with all weights of {folder}"
    texts = []
    for name in new[:NEWLY]:
        text = f"{name} {tuple(own[name].shape)}"
        if name in saved and saved[name].shape != own[name].shape:
            text += f", there {tuple(saved[name].shape)}"
        texts.append(text)
    if len(new) > NEWLY:
        texts.append(f"{len(new) - NEWLY} more")
    return f"begins with {taken} of {count} weights of {folder}; new: {'; '.join(texts)}"


def describe_inputs(folder: Path, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return a line that names what the inputs of the run had otherwise, if anything.

    Measured numbers, such as the mean of a column, are not compared.
    """
    different = []
    for name in now.keys() & before.keys() - {"classes"}:
        if without_measures(now[name]) != without_measures(before[name]):
            different.append(name)
    if not different:
        return []
    return [f"note: the inputs of {folder} were of another kind: {', '.join(sorted(different))}"]


def without_measures(value: Any) -> Any:
    """Return a field of Info without floating point numbers and tensors."""
    if isinstance(value, dict):
        return {name: without_measures(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [without_measures(part) for part in value]
    return None if isinstance(value, float | Tensor) else value
