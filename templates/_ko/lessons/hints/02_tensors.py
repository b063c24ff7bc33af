"""레슨 2의 힌트와 케이스 설명입니다. 힌트는 질문에서 시작해 답에 가까워집니다."""

HINTS = {
    "all_sums": [
        "레슨의 그림을 보세요. 더해서 표가 되는 두 텐서의 모양은 무엇인가요?",
        "열 (N, 1)과 행 (M,)을 더하면 표 (N, M)가 됩니다. `a`를 어떻게 열로 세우나요?",
        "`a[:, None]`이 열입니다. 여기에 `b`를 더하세요.",
    ],
    "one_hot": [
        "라벨이 2인 행에서, 숫자 0, 1, 2, ... 가운데 라벨과 같은 것은 무엇인가요?",
        "라벨을 열로 세워 `torch.arange(classes)`와 비교하고, 그 `bool`을 숫자로 바꾸세요.",
        "`labels[:, None]`과 `torch.arange(classes)`를 `==`로 비교하고 `.long()`을 붙이세요.",
    ],
    "pick": [
        "숫자들은 어느 자리에 있나요? 행과 열의 짝으로 말해 보세요.",
        "레슨에서는 행 번호 리스트와 열 번호 리스트를 주어 짝마다 숫자를 하나씩 꺼냅니다.",
        "`table`을 인덱싱하세요. 행은 `torch.arange(len(table))`, 열은 `columns`입니다.",
    ],
    "standardize": [
        "열의 평균이 0이 되려면 무엇을 빼야 하나요? 그다음 무엇으로 나눠야 하나요?",
        "레슨에서 `dim=0`으로 열마다 평균을 뺐습니다. `std`에도 똑같이 `dim=0`을 줍니다.",
        "`table.mean(dim=0)`을 뺀 다음, 그 전체를 `table.std(dim=0)`으로 나누세요.",
    ],
    "numpy_product": [
        "두 쪽의 자료형은 무엇인가요(double: float64, float: float32)? `@`에는 어때야 하나요?",
        "`torch.from_numpy`는 텐서를 만들고, `.float()`는 숫자를 float32로 바꿉니다.",
        "`torch.from_numpy(array).float()` 다음에 `@ weight`, 그 결과에 `.numpy()`입니다.",
    ],
    "shrink": [
        "가로세로 2칸인 묶음마다 축이 두 개씩 있다면, 그림의 축 네 개는 무엇인가요?",
        "`reshape`로 (H // 2, 2, W // 2, 2)를 만드세요. 축 1은 묶음의 세로, 축 3은 가로입니다.",
        "`picture.reshape(height // 2, 2, width // 2, 2)`에서 `dim=(1, 3)`의 `mean`을 구하세요.",
    ],
}

CASES = {
    "all_sums": {
        "square": "`a`와 `b`의 개수가 같아도 결과는 표이고, `a`의 숫자마다 행이 하나입니다",
        "sizes": "행과 열이 몇 개든, 소수점이 있는 숫자든 됩니다",
    },
    "one_hot": {
        "unseen": "열은 `classes`개 모두 있어야 합니다. 아무 라벨도 없는 클래스도 마찬가지입니다",
    },
    "pick": {
        "same": "두 행이 같은 열을 고를 수도 있습니다",
        "one": "행이 하나인 표입니다. 그래도 답에는 크기가 1인 축이 하나 있습니다",
    },
    "standardize": {
        "columns": "평균과 표준편차는 열마다 따로 있습니다",
    },
    "numpy_product": {
        "types": "NumPy는 float64, PyTorch는 float32이고, 답은 float32 배열입니다",
    },
    "shrink": {
        "blocks": "한 묶음은 어떤 행의 숫자 둘과 바로 아래 행의 숫자 둘입니다",
    },
}
