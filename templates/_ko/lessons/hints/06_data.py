"""레슨 6의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "pad": [
        "표의 열은 몇 개인가요? 행마다 0이 몇 개씩 더 필요한가요?",
        "`max(len(row) for row in rows)`가 가장 긴 길이입니다. `[0] * 3`은 `[0, 0, 0]`입니다.",
        "행마다 `row + [0] * (longest - len(row))`를 담은 리스트에 `torch.tensor`를 쓰세요.",
    ],
    "brighter": [
        "`torch.uint8`에서 250 + 10은 얼마인가요?",
        "더 큰 자료형 `pixels.int()`로 계산하고, 합의 범위를 제한하세요.",
        "합에 `.clamp(max=255)`, 그다음 `.to(torch.uint8)`입니다.",
    ],
    "batches_per_epoch": [
        "예제 10개를 4개씩 묶으면 배치는 몇 개인가요? 8개라면요?",
        "`len(dataset)`을 `batch_size`로 나누어 올림합니다.",
        "`math.ceil(a / b)`가 올림이고, `-(-a // b)`도 그렇습니다.",
    ],
    "class_counts": [
        "예제의 라벨은 어디서 나오고, 무엇을 세어야 하나요?",
        "`for index in range(len(dataset)):`로 모두 살펴봅니다: `_, label = dataset[index]`.",
        "`torch.zeros(classes, dtype=torch.long)`에서 시작해, 매번 `[label]`에 1을 더하세요.",
    ],
    "Windows": [
        "수가 5개이고 길이가 3이면, 뒤에 수가 하나 남도록 조각은 어느 자리에서 시작할 수 있나요?",
        "`__init__`은 두 인자를 `self`에 담습니다. `[index : index + length]`가 조각입니다.",
        "다음 수는 `self.series[index + self.length]`입니다. 예제는 T - length개입니다.",
    ],
    "erase_square": [
        "정사각형이 그림 안에 온전히 들어가려면 어느 행, 어느 열에서 시작할 수 있나요?",
        "`torch.randint(n, ())`은 0부터 n - 1 가운데 하나를 뽑습니다. `.clone()`을 바꾸세요.",
        "`[:, top : top + size, left : left + size] = 0`; top은 H - size + 1개 가운데 하나입니다.",
    ],
    "split_by_person": [
        "여기서 무작위로 뽑는 것은 그림인가요, 사람인가요?",
        "`sorted(set(persons))`가 사람들이고, `random.Random(seed).sample(...)`로 뽑습니다.",
        "`enumerate(persons)`를 두 번 돌면서 뽑힌 사람과 뽑히지 않은 사람을 나누세요.",
    ],
}

CASES = {
    "pad": {
        "longest": "가장 긴 행은 어디에나 있을 수 있고, 행 안에 0이 있을 수도 있습니다",
        "equal": "길이가 같은 행에는 0이 필요 없습니다",
    },
    "brighter": {
        "limit": "255를 넘는 픽셀도, 0부터 다시 시작하는 픽셀도 없어야 합니다",
        "picture": "채널이 있는 그림 한 장입니다",
    },
    "batches_per_epoch": {
        "last": "마지막 배치가 다른 배치보다 작습니다",
        "even": "예제가 배치를 딱 맞게 채웁니다",
        "few": "예제가 배치 하나보다 적습니다",
        "project": "이 프로젝트의 학습 데이터입니다",
    },
    "class_counts": {
        "none": "예제가 없는 클래스도 셉니다. 마지막 클래스도 마찬가지입니다",
        "large": "한 클래스의 예제가 300개입니다. torch.uint8에 들어가지 않는 수입니다",
        "labels": "Dataset 안에 무엇이 들어 있든 예제를 한 번씩 셉니다",
        "project": "이 프로젝트의 검증 데이터입니다",
    },
    "Windows": {
        "count": "예제의 개수입니다. 예제마다 다음 수가 있어야 합니다",
        "examples": "모든 예제를 차례로 봅니다",
        "batches": "DataLoader가 순서를 섞어 배치로 만듭니다",
        "own": "수열이 다른 Dataset 두 개입니다. 저마다 자기 수열을 간직합니다",
    },
    "erase_square": {
        "whole": "정사각형이 그림만큼 큽니다",
        "places": "400번 해 봅니다: 0이 된 곳의 (첫 행, 첫 열, 행의 수, 열의 수)입니다",
        "type": "복사본의 자료형은 그림과 같습니다",
    },
    "split_by_person": {
        "leak": "양쪽 그림에 모두 있는 사람입니다",
        "all": "그림은 저마다 한쪽에만 있고, 빠진 것이 없습니다",
        "count": "검증에 쓰는 사람의 수입니다",
        "order": "두 리스트는 오름차순입니다",
        "seed": "시드가 같으면, 그사이에 무엇을 뽑았든 분할이 같습니다",
        "started": "파이썬을 다시 시작하면 set의 순서는 달라져도 분할은 같아야 합니다",
        "seeds": "시드가 다르면 분할도 다릅니다",
        "random": "시드 60개를 써 보면 누구나 한 번은 뽑힙니다",
        "groups": "시드 60개를 써 봅니다. 늘 같은 사람들끼리 뽑히면 안 됩니다",
    },
}
