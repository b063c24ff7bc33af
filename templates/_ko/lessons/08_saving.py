# %% [markdown]
# # 8. 저장하고 불러오기
#
# 신경망이 배운 것은 가중치에 들어 있습니다. `state_dict()`는 가중치를 이름과 텐서의 dict로
# 돌려주고, `torch.save`는 그 dict를 파일에 씁니다. 신경망의 코드는 `model.py`에 있습니다.

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
# **저장하고 불러옵니다.** `weights_only=True`는 값만 읽고, 파일에 숨은 코드는 실행하지
# 않습니다. `map_location="cpu"`를 쓰면 GPU에서 저장한 파일도 어디서나 읽습니다.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder) / "weights.pt"
    torch.save(state, path)
    print(path.name, path.stat().st_size, "bytes")
    loaded = torch.load(path, map_location="cpu", weights_only=True)
assert list(loaded) == list(state)

# %% [markdown]
# **새 신경망**은 가중치가 다르지만, 저장한 가중치를 넣으면 똑같이 답합니다.

# %%
twin = build_model(config, data.info).eval()
twin.load_state_dict(loaded)
with torch.inference_mode():
    losses, logits = compute_loss(model, batch, config)
    twin_losses, twin_logits = compute_loss(twin, batch, config)
assert torch.equal(twin_logits, logits), "model.py: is anything random in eval(), or not saved?"

# %% [markdown]
# **이름과 모양이 맞아야 합니다.** 다른 신경망에 넣으면 거절하고, 어디가 다른지 알려 줍니다.

# %%
message = ""
try:
    torch.nn.Linear(2, 2).load_state_dict(loaded)
except RuntimeError as error:
    message = " ".join(str(error).split())
print(message[:90], "...")
assert message

# %% [markdown]
# **체크포인트**에는 가중치 말고도 학습을 이어서 할 때 필요한 옵티마이저의 상태와 에폭이
# 있습니다. 이 프로젝트는 온전히 저장하거나 아예 저장하지 않으며, 읽을 때 검사합니다.

# %%
with TemporaryDirectory() as folder:
    path = Path(folder) / "last.pt"
    save_checkpoint(path, {"model": state, "epoch": 3})
    checkpoint = load_checkpoint(path)
print("checkpoint:", list(checkpoint))
assert checkpoint["epoch"] == 3

# %% [markdown]
# ## 이 프로젝트에서는
#
# - `engine/checkpoint.py`: `save_checkpoint`, `load_checkpoint`, `load_model`
# - `engine/run.py`: `Run`
#
# ## 더 읽어 보기
#
# - [모델 저장하고 불러오기](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html)
# - [`torch.save`](https://docs.pytorch.org/docs/stable/generated/torch.save.html)
# - [`torch.nn.Module.load_state_dict`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html)
