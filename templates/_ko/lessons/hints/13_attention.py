"""레슨 13의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "attend_to_text": [
        "레슨에서는 뒤의 스텝을 가립니다. 여기서는 어떤 점수를 가려야 하고, 점수의 모양은"
        " 무엇인가요?",
        "`torch.arange(key.shape[1]) >= lengths[:, None]`가 채워 넣은 자리 (N, S)를 알려 줍니다."
        " 점수는 (N, T, S)이므로, 마스크가 (N, 1, S)이면 T개 스텝 모두에 맞습니다.",
        "레슨처럼 점수를 구하고, `scores.masked_fill(filling[:, None], float('-inf'))`, 그다음"
        " `softmax(dim=2)`, 그다음 `@ value`입니다.",
    ],
    "window_mask": [
        "행과 열은 몇 스텝 떨어져 있고, 그중 어떤 거리가 허용되나요?",
        "`torch.arange(steps)[:, None] - torch.arange(steps)`가 모든 쌍의 거리를 한 번에"
        " 구합니다. 뒤에 오는 열은 거리가 음수입니다.",
        "거리는 0 이상이고 `width`보다 작아야 합니다. 두 조건은 `&`로 합칩니다.",
    ],
    "next_characters": [
        "텍스트의 마지막 글자에는 정답이 없습니다. 그러면 꽉 찬 행은 몇 개인가요?",
        "`(len(text) - 1) // length`개입니다. 먼저 모든 글자의 번호로 텐서를 만들고, 거기서"
        " 입력을 잘라 내세요. 정답은 한 칸 뒤에서 똑같이 자릅니다.",
        "`end = rows * length`일 때 `numbers[:end].view(rows, length)`이고, `numbers[1 : end +"
        " 1]`도 같은 방법입니다.",
    ],
    "draw_next": [
        "온도 0으로 나누면 무엇이 나올까요? 그러니 이 경우는 따로 다루어야 합니다.",
        "온도가 0이면 `argmax`입니다. 나머지는 `softmax` 다음에 `torch.multinomial`이고,"
        " `.item()`이 텐서를 파이썬 숫자로 바꿉니다.",
        "`torch.multinomial((logits / temperature).softmax(dim=0), 1).item()`",
    ],
    "Residual": [
        "`nn.Module`의 `__init__`에서, 레이어를 저장하기 전에 맨 먼저 써야 하는 줄은 무엇인가요?",
        "`super().__init__()` 다음에 레이어는 `self.layer`로, `nn.Parameter`는 `self.scale`로"
        " 저장하세요. `forward`는 계산만 하고 아무것도 바꾸지 않습니다.",
        "`self.scale = nn.Parameter(torch.zeros(1))`, 그리고 `x + self.scale *"
        " self.layer(x)`입니다.",
    ],
    "many_heads": [
        "헤드를 별도의 차원에 두면 모양이 어떻게 되나요? 그 차원이 어디에 있어야 헤드 하나하나가"
        " 텍스트 하나처럼 다루어질까요?",
        "`tensor.unflatten(2, (heads, -1))`은 (N, T, heads, D / heads)이고, `transpose(1, 2)`가"
        " 헤드를 앞으로 옮깁니다. `F.scaled_dot_product_attention`에는 `is_causal=True`가"
        " 있습니다.",
        "결과의 헤드를 `transpose(1, 2)`로 되돌려 놓으면, `flatten(2)`가 나란히 이어 붙입니다.",
    ],
}

CASES = {
    "attend_to_text": {
        "filling": "텍스트 길이 뒤에 있는 것은 채워 넣은 것입니다. 나머지 가중치의 합이 1입니다",
        "alike": "점수가 모두 같으면 다른 텍스트의 모든 스텝이 같은 가중치를 받습니다",
        "root": "점수는 쿼리에 든 숫자 개수의 제곱근으로 나눕니다",
        "random": "텍스트의 길이가 서로 다르고, T, S, D, E도 서로 다릅니다",
    },
    "window_mask": {
        "back": "스텝은 자신과 앞쪽만 보고, 뒤쪽은 보지 않습니다",
        "itself": "width가 1이면 스텝은 자신만 봅니다",
        "wide": "창이 텍스트보다 넓으면 앞의 모든 스텝을 봅니다",
    },
    "next_characters": {
        "rest": "끝까지 채우지 못하는 행은 버립니다",
        "target": "입력마다 뒤의 글자가 필요하므로, 텍스트의 마지막 글자는 정답으로만 쓰입니다",
        "short": "텍스트가 한 행도 채우지 못하면 (0, length) 모양의 텐서입니다",
    },
    "draw_next": {
        "zero": "온도가 0이면 언제나 가장 큰 로짓이 이깁니다",
        "low": "온도가 0에 가까우면 거의 언제나 가장 큰 로짓이 이깁니다",
        "impossible": "로짓이 음의 무한대인 글자는 절대 나오지 않습니다",
        "one": "로짓이 0과 log 3이고 온도가 1이면, 네 번에 세 번은 두 번째가 나옵니다",
        "two": "로짓이 0과 2 log 3이고 온도가 2여도, 네 번에 세 번은 두 번째가 나옵니다",
        "quarter": "온도가 0.25로 낮습니다. 로짓에 곱하는 것이 아니라 나눕니다",
    },
    "Residual": {
        "first": "scale이 0인 동안에는 들어간 것이 그대로 나옵니다",
        "parameters": "레이어의 가중치와 scale이 이 모듈의 파라미터입니다",
        "half": "scale이 다르면 레이어의 출력을 그만큼 더하고, x는 그대로입니다",
        "trained": "옵티마이저가 scale과 레이어의 가중치를 받아서 바꿉니다",
    },
    "many_heads": {
        "one": "헤드가 하나면 레슨의 어텐션과 같습니다",
        "two": "헤드가 둘이면 각자 숫자의 절반을 맡고, 점수는 그 절반 개수의 제곱근으로 나눕니다",
        "cut": "스텝을 나누는 것이 아니라 각 스텝의 숫자를 조각으로 나눕니다",
    },
}
