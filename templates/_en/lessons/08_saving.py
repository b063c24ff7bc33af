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
from data import load_data
from engine.checkpoint import load_checkpoint, save_checkpoint
from engine.loader import make_loader
from model import build_model, compute_loss

config = Config()
data = load_data(config)
batch = next(iter(make_loader(data.val, batch_size=32, settings=config)))
model = build_model(config, data.info).eval()
state = model.state_dict()
for name, tensor in state.items():
    print(f"{name:25} {tuple(tensor.shape)}")

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
twin = build_model(config, data.info).eval()
twin.load_state_dict(loaded)
with torch.inference_mode():
    losses, logits = compute_loss(model, batch, config)
    twin_losses, twin_logits = compute_loss(twin, batch, config)
assert torch.equal(twin_logits, logits), "model.py: is anything random in eval(), or not saved?"

# %% [markdown]
# **Names and shapes must fit**: another network refuses them, and says where.

# %%
message = ""
try:
    torch.nn.Linear(2, 2).load_state_dict(loaded)
except RuntimeError as error:
    message = " ".join(str(error).split())
print(message[:90], "...")
assert message

# %% [markdown]
# **A checkpoint** holds more than weights: to go on training takes the optimizer's state and
# the epoch, too. This project writes it whole or not at all, and checks it.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder) / "last.pt"
    save_checkpoint(path, {"model": state, "epoch": 3})
    checkpoint = load_checkpoint(path)
print("checkpoint:", list(checkpoint))
assert checkpoint["epoch"] == 3

# %% [markdown]
# ## In this project
#
# - `engine/checkpoint.py`: `save_checkpoint`, `load_checkpoint`, `load_model`
# - `engine/run.py`: `Run`
#
# ## Read next
#
# - [Saving and loading models](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html)
# - [`torch.save`](https://docs.pytorch.org/docs/stable/generated/torch.save.html)
# - [`torch.nn.Module.load_state_dict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
