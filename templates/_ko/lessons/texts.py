"""`python -m lessons`가 하는 말과 힌트입니다. 코드는 이름으로 찾아 씁니다."""

TEXTS = {
    "next": "다음:",
    "solved": "풀었음:",
    "unsolved": "아직 못 풀었음:",
    "unknown": "{name}: 없는 문제입니다. 비슷한 이름: {nearest}. 전체: python -m lessons --list",
    "hole": "아직 답을 쓰지 않았습니다",
    "missing": "파일에 이 이름의 함수가 없습니다",
    "tried": "입력:",
    "got": "결과:",
    "expected": "정답:",
    "hint": "힌트:",
    "stuck": "힌트 보기: python -m lessons --hint",
    "watching": "연습문제를 저장하면 다시 확인합니다. 끝내려면 Ctrl-C를 누르세요.",
    "done": "모두 풀었습니다. 이제 내 프로젝트로 만들어 보세요: data.py, model.py, config.py.",
}

HINTS = {
    # 1 PyTorch란
    "installed_version": "파이썬 패키지는 버전을 `__version__`에 적어 둡니다.",
    "batch_shapes": "텐서마다 `.shape`가 있습니다. 리스트 컴프리헨션으로 모으세요.",
    "count_classes": "`data.info.classes`에는 무엇이 있나요? `len`으로 셉니다.",
    "training_share": "세 부분의 길이를 더한 다음 나누세요.",
    # 2 텐서
    "all_sums": "`a[:, None]`으로 `a`를 열로 세우면 브로드캐스팅이 둘 다 반복해 줍니다.",
    "one_hot": "`labels[:, None]`을 `torch.arange(classes)`와 비교하고 `.long()`을 붙이세요.",
    "pick": "텐서 두 개로 한꺼번에 인덱싱합니다: `table[rows, columns]`, rows는 0, 1, 2, ...",
    "standardize": "레슨 2에서 열마다 평균을 뺐습니다. `std`에도 똑같이 `dim=0`을 줍니다.",
    # 3 autograd
    "slope": "`at`을 `requires_grad=True`인 텐서로 만드세요. `.item()`은 텐서를 수로 바꿉니다.",
    "fresh_gradients": "그래디언트는 더해집니다. `backward` 전마다 `weight.grad = None`을 쓰세요.",
    "error_gradient": "`weight.clone().requires_grad_()`로 계산해야 `.grad`가 채워집니다.",
    "logits_only": "`with torch.no_grad():` 안에서 모델을 호출하세요.",
    # 4 신경망
    "linear": "모양을 적어 보세요: (N, inputs) @ (inputs, outputs). 무엇을 뒤집어야 할까요?",
    "convolution_size": "패딩은 양쪽에 붙습니다. 그다음 몇 걸음 갈 수 있는지 세고 1을 더하세요.",
    "read": "`state = torch.zeros(...)`, `inputs`를 도는 반복문, 끝에 `torch.stack`입니다.",
    "cross_entropy": "`logits.log_softmax(dim=1)`, 그리고 2절의 `pick`, 그리고 부호입니다.",
    "count_weights": "`model.parameters()`에서 텐서가 하나씩 나옵니다. `numel()`이 개수입니다.",
    # 5 옵티마이저
    "sgd": "한 줄입니다. `weight` 자체를 바꾸지 말고 새 텐서를 돌려주세요.",
    "momentum": "속도는 0에서 시작합니다. 먼저 `beta`를 곱하고, 그다음 그래디언트를 더하세요.",
    "rmsprop": "`gradient**2`의 평균을 이어 가고, 그 `sqrt()`에 1e-8을 더한 값으로 나누세요.",
    "training_step": "`optimizer.zero_grad()`, 평균 손실의 `.backward()`, `optimizer.step()`.",
    # 6 데이터
    "pad": "먼저 가장 긴 행을 찾으세요. `[0] * 3`은 `[0, 0, 0]`입니다.",
    "brighter": "더 큰 자료형 `pixels.int()`로 계산하고, `clamp`한 뒤 `torch.uint8`로 되돌리세요.",
    "batches_per_epoch": "나누어 올림합니다: `math.ceil(a / b)` 또는 `-(-a // b)`.",
    "class_counts": "`torch.zeros(classes, dtype=torch.long)`에서 시작해, 인덱스마다 1을 더하세요.",
    # 7 GPU
    "move": "`.to`는 옮긴 텐서를 돌려줄 뿐, 원래 텐서는 바꾸지 않습니다.",
    "device_of": "첫 번째 파라미터에게 물어보세요: `next(model.parameters())`.",
    "megabytes": "수가 `numel()`개 있고, 하나가 `element_size()`바이트입니다.",
    "product_in_bfloat16": '`with torch.autocast("cpu", torch.bfloat16):`',
    # 8 저장하고 불러오기
    "weight_shapes": "`model.state_dict().items()`에서 이름과 텐서가 함께 나옵니다.",
    "copy_weights": "`source.state_dict()`가 준 것을 `target.load_state_dict(...)`에 넣으세요.",
    "round_trip": "`torch.save(state, path)`, 그다음 `weights_only=True`로 `torch.load`입니다.",
    "without_prefix": "dict 컴프리헨션을 쓰세요. 문자열에는 `.removeprefix`가 있습니다.",
    # 9 분류기에서 분산 학습까지
    "accuracy": "`argmax(dim=1)`이 답입니다. True와 False의 평균을 내려면 `.float()`이 필요합니다.",
    "share": "간격이 있는 슬라이스입니다: `indices[start::step]`.",
    "average_gradients": "`zip(*gradients)`는 파라미터별로 묶고, `torch.stack`은 텐서로 만듭니다.",
    "train": "5절의 학습 스텝을 반복문에 넣고, 손실마다 `.item()`을 호출하세요.",
}
