"""`python -m lessons`가 하는 말입니다. 코드는 이름으로 찾아 씁니다."""

TEXTS = {
    "next": "다음:",
    "solved": "풀었음:",
    "unsolved": "아직 못 풀었음:",
    "unknown": "{name}: 이런 문제나 과는 없습니다. 비슷한 이름: {nearest}. "
    "전체: python -m lessons --list",
    "hole": "아직 답을 쓰지 않았습니다",
    "missing": "파일에 이 이름의 함수나 클래스가 없습니다",
    "tried": "입력:",
    "got": "결과:",
    "expected": "정답:",
    "difference": "처음으로 다른 곳 {where}: 결과 {got}, 정답 {expected}",
    "kind": "다른 점: 결과 {got}, 정답 {expected}",
    "about": "이 시험에서 보는 것:",
    "changed": "답은 맞지만, 호출한 쪽의 값인 {name}도 바뀌었습니다: 복사본으로 계산하세요",
    "endless": "{seconds}초가 지나도 끝나지 않았습니다. 실행하던 줄:",
    "hint": "힌트 {number}/{all}:",
    "stuck": "힌트 보기: {command}",
    "more": "힌트 하나 더 보기: {command}",
    "last_hint": "마지막 힌트입니다. 일단 건너뛰려면: python -m lessons --skip",
    "other_way": "{name}을(를) 이렇게 쓸 수도 있습니다:",
    "lesson_done": "{all}과 중 {number}과를 마쳤습니다. 잘하셨습니다!",
    "watching": "연습문제를 저장하면 다시 확인합니다. 끝내려면 Ctrl-C를 누르세요.",
    "done": "모두 풀었습니다. 이제 내 프로젝트로 만들어 보세요: data.py, model.py, config.py.",
}
