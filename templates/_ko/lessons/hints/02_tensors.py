"""2과의 힌트(질문에서 시작해 거의 답이 되는 줄까지)와, 각 시험이 무엇을 보는지."""

HINTS = {
    "all_sums": [
        "`a[:, None]`으로 `a`를 열로 세우면 브로드캐스팅이 둘 다 반복해 줍니다.",
        "`a[:, None]`으로 `a`를 열로 세우면 브로드캐스팅이 둘 다 반복해 줍니다.",
        "`a[:, None]`으로 `a`를 열로 세우면 브로드캐스팅이 둘 다 반복해 줍니다.",
    ],
    "one_hot": [
        "`labels[:, None]`을 `torch.arange(classes)`와 비교하고 `.long()`을 붙이세요.",
        "`labels[:, None]`을 `torch.arange(classes)`와 비교하고 `.long()`을 붙이세요.",
        "`labels[:, None]`을 `torch.arange(classes)`와 비교하고 `.long()`을 붙이세요.",
    ],
    "pick": [
        "텐서 두 개로 한꺼번에 인덱싱합니다: `table[rows, columns]`, rows는 0, 1, 2, ...",
        "텐서 두 개로 한꺼번에 인덱싱합니다: `table[rows, columns]`, rows는 0, 1, 2, ...",
        "텐서 두 개로 한꺼번에 인덱싱합니다: `table[rows, columns]`, rows는 0, 1, 2, ...",
    ],
    "standardize": [
        "레슨 2에서 열마다 평균을 뺐습니다. `std`에도 똑같이 `dim=0`을 줍니다.",
        "레슨 2에서 열마다 평균을 뺐습니다. `std`에도 똑같이 `dim=0`을 줍니다.",
        "레슨 2에서 열마다 평균을 뺐습니다. `std`에도 똑같이 `dim=0`을 줍니다.",
    ],
}

CASES = {}
