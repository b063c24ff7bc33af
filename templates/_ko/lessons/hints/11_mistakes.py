"""레슨 11의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "squared_error": [
        "`predictions - targets`의 모양은 무엇인가요? 출력해 보세요.",
        "(N, 1)과 (N,)은 (N, N)이 됩니다. 먼저 둘 다 (N,)으로: `squeeze`, `view`나 `[:, 0]`.",
        "`predictions.squeeze(1) - targets`의 모양은 (N,)입니다.",
    ],
    "PointClassifier": [
        "`cross_entropy`는 무엇을 받나요? 확률인가요, 다른 것인가요?",
        "레슨 11의 실수 1: 여기서 softmax를 몇 번 계산하나요?",
        "`forward`는 `self.output(hidden)`의 값, 곧 로짓을 돌려줍니다.",
    ],
    "walk_downhill": [
        "첫 스텝은 맞고 둘째가 틀립니다. 둘째 스텝 전에 `point.grad`에는 무엇이 있나요?",
        "`backward`는 `.grad`에 더합니다. 레슨 3을 보세요.",
        "반복문 안, `backward` 앞에: `point.grad = None`",
    ],
    "predicted_classes": [
        "학습할 때와 그 뒤에 다르게 일하는 레이어는 무엇인가요? 레이어는 그것을 어떻게 아나요?",
        "`model.eval()`과 `model.train(...)`입니다. 지금 모드는 `model.training`에 있습니다.",
        "`before = model.training`, `model.eval()`, 답, 끝으로 `model.train(before)`입니다.",
    ],
    "standardize_parts": [
        "평균은 어떤 값에서 나오나요? 그중 학습이 알아도 되는 것은 무엇인가요?",
        "평균과 표준편차는 한쪽에서만 구해야 합니다.",
        "두 쪽 모두에 `mean, std = train.mean(dim=0), train.std(dim=0)`를 씁니다.",
    ],
    "clipped_step": [
        "`clip_grad_norm_`을 호출하는 순간 그래디언트에는 무엇이 들어 있나요?",
        "네 줄을 하나씩 짚어 보세요. 그래디언트를 만드는 줄은 어느 것인가요?",
        "지우기, `backward`, 제한, 스텝의 순서입니다.",
    ],
    "shuffle_examples": [
        "예제 세 개에 번호를 붙여 따라가 보세요. 예제 0은 어떤 라벨을 받나요?",
        "순서를 몇 번 뽑나요? 뽑을 때마다 다릅니다.",
        "`order = torch.randperm(len(inputs))` 하나로 둘 다 인덱싱합니다.",
    ],
    "movement": [
        "음수가 없는 곳에서 3 - 5는 얼마인가요? 출력해 보세요.",
        "음수가 있는 dtype으로 계산하고, 끝에 uint8로 되돌리세요.",
        "`(after.int() - before.int()).abs()`, 그다음 `.to(torch.uint8)`입니다.",
    ],
    "with_positions": [
        "이 함수의 텐서는 저마다 어느 장치에 있나요? 하나는 인자에서 오지 않습니다.",
        "텐서를 만드는 함수는 `dtype`처럼 `device`도 받습니다.",
        "`torch.arange(length, dtype=..., device=sequences.device)`",
    ],
    "mean_of_losses": [
        "반복문에서 `total`을 출력해 보세요. 수 옆에 무엇이 있나요?",
        "손실은 자신을 계산한 그래프를 붙들고 있습니다. 평범한 수로 바꾸는 것은 무엇인가요?",
        "텐서 대신 `compute_loss(batch).item()`을 더하세요.",
    ],
}

CASES = {
    "squared_error": {
        "all_right": "예측이 모두 맞으면 오차는 0입니다",
        "pairs": "예측마다 정답은 하나, 같은 예제의 정답뿐입니다",
    },
    "PointClassifier": {
        "floor": "학습 뒤에 답이 모두 맞으면 손실은 0에 가까워야 합니다",
        "alone": "한 점의 출력은 배치 안의 다른 점에 좌우되지 않습니다",
    },
    "walk_downhill": {
        "one_step": "한 스텝은 그래디언트의 lr배입니다",
        "more_steps": "스텝이 여러 번입니다. 스텝마다 그 점의 그래디언트만 씁니다",
    },
    "predicted_classes": {
        "twice": "드롭아웃과 배치 정규화가 있는 신경망을 두 모드에서 확인합니다",
        "alone": "입력이 하나여서 배치 정규화가 평균을 낼 배치가 없습니다",
        "mode": "끝난 뒤 모델이 어떤 모드인지 확인합니다",
    },
    "standardize_parts": {
        "alone": "검증 예제가 하나입니다. 학습 입력에서 구한 수로 표준화합니다",
        "parts": "두 쪽을 같은 수로 표준화합니다",
    },
    "clipped_step": {
        "large": "limit보다 큰 그래디언트는 전체를 함께 limit까지 줄입니다",
        "small": "limit보다 작은 그래디언트는 그대로입니다",
        "left_over": "모델에 앞선 스텝의 그래디언트가 남아 있었습니다",
    },
    "shuffle_examples": {
        "pairs": "예제마다 자기 라벨을 그대로 지닙니다",
        "all": "모든 예제가 한 번씩 그대로 있습니다",
        "order": "순서는 무작위이고, 호출할 때마다 다릅니다",
    },
    "movement": {
        "darker": "더 어두워진 픽셀입니다",
        "brighter": "더 밝아진 픽셀입니다",
    },
    "with_positions": {
        "dtype": "결과의 dtype은 시퀀스와 같습니다",
        "device": "시퀀스가 CPU가 아닌 장치에 있습니다(여기서는 `meta`)",
    },
    "mean_of_losses": {
        "mean": "배치들의 평균이며, 모든 배치의 비중이 같습니다",
        "graph": "앞선 손실의 그래프가 몇 개나 남아 있는지 셉니다. 이제 하나도 필요 없습니다",
    },
}
