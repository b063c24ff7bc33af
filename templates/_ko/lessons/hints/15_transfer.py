"""레슨 15의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "freeze_all_but": [
        "모두 고정하는 일과 한 부분을 다시 푸는 일은 어떤 순서로 해야 하나요?",
        "모듈의 `requires_grad_(False)`는 그 안의 모든 파라미터를 고정합니다. 끝에 밑줄이"
        " 있습니다. `model.requires_grad = False`는 속성 하나를 만들 뿐입니다.",
        "`model.requires_grad_(False)` 다음에"
        " `model.get_submodule(name).requires_grad_(True)`입니다.",
    ],
    "replace_last_linear": [
        "모델의 레이어 가운데 어느 것이 선형이고, 그중 마지막은 어느 것인지 어떻게 알아낼까요?",
        "`enumerate(model)`이 자리와 레이어를 차례로 주고, `isinstance(layer, nn.Linear)`가"
        " 종류를 알려 줍니다. 그런 자리 중 마지막을 고르고, `copy.deepcopy(model)`을 고치세요.",
        "`model[place] = nn.Linear(old.in_features, classes, bias=old.bias is not None)`",
    ],
    "count_trainable": [
        "옵티마이저는 모델의 어떤 텐서를 받고, 고정되었는지는 텐서의 무엇을 보면 아나요?",
        "`model.parameters()`는 레이어들이 함께 쓰는 파라미터도 한 번만 줍니다. 숫자의 개수는"
        " `numel()`입니다.",
        "`weight.requires_grad`인 것의 `weight.numel()`을 더합니다.",
    ],
    "two_rates": [
        "모델의 파라미터가 새 부분의 것인지 어떻게 알 수 있을까요? 텐서를 `==`로 비교하면 숫자를"
        " 비교합니다.",
        "텐서의 `set`이나 `id`는 값이 아니라 어느 텐서인지로 구별합니다. `of_new ="
        " set(new.parameters())`를 만들고 `weight in of_new`로 확인하세요.",
        "`weight.requires_grad`인 것을 `of_new`에 있는 것과 없는 것의 두 리스트로 나눕니다:"
        ' `{"params": ..., "lr": lr}`',
    ],
    "load_what_fits": [
        "`model.load_state_dict`는 빠진 이름이 있으면 어떻게 하고, 모양이 다르면 어떻게 하나요?",
        "`strict=False`이면 이름이 빠져도 되지만, 모양이 다르면 어떤 경우에도 오류입니다. 그러니"
        " `model.state_dict()`와 비교해서 그런 텐서를 미리 빼세요.",
        "이름이 `own`에 있고 모양이 `own[name].shape`인 것을 dict `fitting`에 모읍니다."
        " `model.load_state_dict(fitting, strict=False)`를 호출하고 `sorted(own.keys() -"
        " fitting.keys())`를 돌려줍니다.",
    ],
}

CASES = {
    "freeze_all_but": {
        "alone": "이름으로 가리킨 부분만 빼고 모두 고정합니다. `head`와 `head2`는 앞부분이"
        " 같습니다",
        "inside": "안에 다른 부분이 있는 부분, 그리고 부분의 부분입니다",
        "frozen": "처음에 모두 고정되어 있었습니다. 가리킨 부분을 풀어 줍니다",
    },
    "replace_last_linear": {
        "last": "마지막 선형 레이어만 새것입니다. 나머지는 모델의 가중치를 그대로 가지고, 모델"
        " 자체도 그대로입니다",
        "behind": "마지막 선형 레이어 뒤에 다른 레이어가 있습니다",
        "bias": "새 레이어에는 옛 레이어에 편향이 있었을 때만 편향이 있습니다",
    },
    "count_trainable": {
        "buffers": "정규화 레이어의 통계는 버퍼이므로 옵티마이저가 바꾸지 않습니다",
        "frozen": "고정된 파라미터는 세지 않습니다",
        "shared": "두 레이어가 함께 쓰는 파라미터는 한 번만 셉니다",
    },
    "two_rates": {
        "rates": "새 부분은 한 학습률을, 나머지는 모두 다른 학습률을 씁니다. `head`와 `head2`는"
        " 이름의 앞부분이 같습니다",
        "inside": "새 부분은 모델의 어느 부분이든 될 수 있고, 늘 마지막은 아닙니다",
        "frozen": "고정된 파라미터는 어느 그룹에도 없습니다",
        "equal": "두 레이어의 숫자가 같아도, 서로 다른 두 레이어입니다",
    },
    "load_what_fits": {
        "all": "정규화 레이어의 통계까지 모두 맞습니다",
        "shape": "모양이 다른 텐서는 빼고, 나머지는 모두 불러옵니다",
        "turned": "숫자의 개수가 같아도 모양(shape)이 다르면 맞지 않습니다",
        "more": "모델에 없는 이름이 state에 있습니다. dict 자체는 그대로 두세요",
        "less": "state에 없는 것은 모델에 있던 그대로입니다",
    },
}
