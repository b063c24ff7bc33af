# %% [markdown]
# # 8. Saving and loading
#
# What a network has learned is in its weights. `state_dict()` gives them as a dict from name
# to tensor, `torch.save` writes that dict, and the code of the network stays in `model.py`.

# %%
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

# The project's files lie one folder up. A notebook has no __file__; it starts in this folder.
sys.path.insert(0, str(Path(globals().get("__file__", "lesson.py")).resolve().parent.parent))
from config import Config
from data import load_splits
from loading.sampler import make_loader
from model import build_model, score_batch
from saving.files import load_checkpoint, save_checkpoint

config, splits = Config(), load_splits(Config())
classes, inputs = splits["classes"], splits["inputs"]
batch = next(iter(make_loader(splits["val"], config, batch_size=32)))
model = build_model(config, classes, inputs).eval()
state = model.state_dict()
print({name: tuple(tensor.shape) for name, tensor in [*state.items()][-2:]})

# %% [markdown]
# **Save, load.** `weights_only=True` reads tensors and plain values, and runs nothing that a
# stranger may have hidden in the file. `map_location="cpu"` reads what a GPU wrote anywhere.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder) / "weights.pt"
    torch.save(state, path)
    print(path.name, path.stat().st_size, "bytes")
    loaded = torch.load(path, map_location="cpu", weights_only=True)
assert list(loaded) == list(state)

# %% [markdown]
# **A new network** has other weights, until it gets the saved ones. Then it answers the same.

# %%
twin = build_model(config, classes, inputs).eval()
with torch.inference_mode():
    logits = score_batch(model, batch, config)[1]
    twin.load_state_dict(loaded)
    assert torch.equal(score_batch(twin, batch, config)[1], logits)

# %% [markdown]
# **Names and shapes must fit**: another network refuses them, and says where.

# %%
try:
    torch.nn.Linear(2, 2).load_state_dict(loaded)
    raise AssertionError
except RuntimeError as error:
    print(" ".join(str(error).split())[:90], "...")

# %% [markdown]
# **A checkpoint** holds more than weights: to go on training takes the optimizer's state and
# the epoch, too. This project writes it whole or not at all, and checks it.

# %%
with TemporaryDirectory() as folder:
    save_checkpoint(Path(folder) / "last.pt", {"model": state, "epoch": 3})
    print("checkpoint:", sorted(load_checkpoint(Path(folder) / "last.pt")))

# %% [markdown]
# ## In this project
#
# - `checkpoint.py`: `Run`, `load_model`
# - `saving/files.py`: `save_checkpoint`, `load_checkpoint`
#
# ## Read next
#
# - [Saving and loading models](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html)
# - [`torch.save`](https://docs.pytorch.org/docs/stable/generated/torch.save.html)
# - [`torch.nn.Module.load_state_dict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
