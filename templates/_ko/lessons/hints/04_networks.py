"""4과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "linear": [
        "모양을 적어 보세요: (N, inputs) @ (inputs, outputs). 무엇을 뒤집어야 할까요?",
        "모양을 적어 보세요: (N, inputs) @ (inputs, outputs). 무엇을 뒤집어야 할까요?",
        "모양을 적어 보세요: (N, inputs) @ (inputs, outputs). 무엇을 뒤집어야 할까요?",
    ],
    "convolution_size": [
        "패딩은 양쪽에 붙습니다. 그다음 몇 걸음 갈 수 있는지 세고 1을 더하세요.",
        "패딩은 양쪽에 붙습니다. 그다음 몇 걸음 갈 수 있는지 세고 1을 더하세요.",
        "패딩은 양쪽에 붙습니다. 그다음 몇 걸음 갈 수 있는지 세고 1을 더하세요.",
    ],
    "read": [
        "`state = torch.zeros(...)`, `inputs`를 도는 반복문, 끝에 `torch.stack`입니다.",
        "`state = torch.zeros(...)`, `inputs`를 도는 반복문, 끝에 `torch.stack`입니다.",
        "`state = torch.zeros(...)`, `inputs`를 도는 반복문, 끝에 `torch.stack`입니다.",
    ],
    "cross_entropy": [
        "`logits.log_softmax(dim=1)`, 그리고 2절의 `pick`, 그리고 부호입니다.",
        "`logits.log_softmax(dim=1)`, 그리고 2절의 `pick`, 그리고 부호입니다.",
        "`logits.log_softmax(dim=1)`, 그리고 2절의 `pick`, 그리고 부호입니다.",
    ],
    "count_weights": [
        "`model.parameters()`에서 텐서가 하나씩 나옵니다. `numel()`이 개수입니다.",
        "`model.parameters()`에서 텐서가 하나씩 나옵니다. `numel()`이 개수입니다.",
        "`model.parameters()`에서 텐서가 하나씩 나옵니다. `numel()`이 개수입니다.",
    ],
}

CASES = {}
