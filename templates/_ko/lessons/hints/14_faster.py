"""레슨 14의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "median_seconds": [
        "함수는 모두 몇 번 호출되고, 그중 시간을 재는 것은 어느 호출인가요?",
        "워밍업 반복문 다음에, 앞뒤에서 `time.perf_counter()`를 호출하는 반복문이 옵니다."
        " 파이썬의 `statistics` 모듈에 `median`이 있습니다.",
        "두 번째 반복문에서 `times.append(time.perf_counter() - start)`, 마지막에"
        " `statistics.median(times)`입니다.",
    ],
    "accumulate_gradients": [
        "레슨에서는 조각의 개수로 나눕니다. 조각 평균들의 평균이 전체 예제의 평균과 달라지는 것은"
        " 언제인가요?",
        "`inputs.split(size)`와 `targets.split(size)`가 조각을 만듭니다. 조각의 손실에는 그"
        " 조각이 전체 예제에서 차지하는 비율만큼만 비중을 둡니다.",
        "조각마다 `(loss * len(some_inputs) / len(inputs)).backward()`이고, 반복문 앞에"
        " `model.zero_grad()`가 있습니다.",
    ],
    "training_bytes": [
        "파라미터와 크기가 같은 텐서는, 학습되는 파라미터라면 모두 몇 개이고 고정된 파라미터라면 몇"
        " 개인가요?",
        "파라미터의 크기는 `weight.nbytes`이고, 학습되는지는 `weight.requires_grad`가 알려 줍니다.",
        "학습되는 파라미터에는 `4 * weight.nbytes`, 나머지에는 `weight.nbytes`를 더합니다.",
    ],
    "moving_average": [
        "모든 창을 한 텐서에, 한 행에 창 하나씩 놓으려면 어떻게 할까요?",
        "`series.unfold(0, width, 1)`이 바로 그런 (N - width + 1, width) 텐서입니다. 아무것도"
        " 복사하지 않습니다.",
        "행마다의 평균은 `.mean(dim=1)`입니다.",
    ],
    "slowest_layer": [
        "훅은 어느 레이어 때문에 호출되었는지 압니다. 레이어가 일하기 전에는 무엇을, 일한 다음에는"
        " 무엇을 적어 두어야 하나요?",
        "`model.named_modules()`가 이름과 모듈을 차례로 줍니다. 모듈 안에 다른 모듈이 있는지는"
        " `any(module.children())`로 알 수 있습니다. 시작 시각과 시간의 합을 레이어 이름별로"
        " dict에 두세요.",
        "나중 훅에서 `seconds[name] += time.perf_counter() - started[name]`입니다."
        " `model(inputs)` 다음에 모든 훅을 `remove()`로 지우면, 이름은 `max(seconds,"
        " key=seconds.get)`입니다.",
    ],
}

CASES = {
    "median_seconds": {
        "warmup": "워밍업 호출은 하되 시간을 재지 않습니다",
        "median": "중앙값은 시간을 정렬했을 때 가운데에 있는 것이므로, 동떨어진 하나는 영향을"
        " 주지 않습니다",
        "even": "시간이 짝수 개이면 중앙값은 가운데 둘의 평균입니다",
        "one": "시간을 재는 호출이 하나뿐입니다",
    },
    "accumulate_gradients": {
        "equal": "크기가 같은 조각들이고, 조각마다 예제는 `size`개까지입니다",
        "uneven": "마지막 조각은 예제가 적으므로 비중도 작습니다",
        "large": "모든 예제가 조각 하나에 들어갑니다",
        "old": "앞 스텝의 그래디언트가 아직 남아 있습니다",
    },
    "training_bytes": {
        "four": "파라미터, 그래디언트, 모멘트 둘: 4바이트짜리 숫자 11개의 네 배입니다",
        "frozen": "고정된 파라미터에는 그래디언트도 모멘트도 없습니다",
        "dtype": "bfloat16 숫자는 2바이트이고, 그래디언트와 모멘트도 그렇습니다",
        "buffers": "정규화 레이어의 버퍼는 세지 않습니다",
        "tied": "두 레이어가 파라미터 하나를 함께 쓰므로 한 번만 있습니다",
    },
    "moving_average": {
        "one": "숫자 하나짜리 창의 평균은 그 숫자입니다",
        "all": "모든 숫자를 덮는 창에서는 평균이 하나만 나옵니다",
        "random": "무작위 숫자와 여러 가지 창 너비입니다",
        "loop": "숫자 2000개, 창 너비 300입니다. 반복문으로는 연산이 수천 번 필요합니다",
    },
    "slowest_layer": {
        "inside": "레이어가 모델의 한 부분 안에 있습니다. 이름이 그 자리를 알려 주고, 부분은"
        " 레이어가 아닙니다",
        "often": "여러 번 호출되는 레이어는 시간을 모두 더합니다",
        "left": "끝난 다음에는 모델에 훅도 그래디언트도 남지 않습니다",
    },
}
