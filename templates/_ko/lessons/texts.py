"""`python -m lessons`가 하는 말입니다. 코드는 이름으로 찾아 씁니다."""

TEXTS = {
    "next": "다음:",
    "solved": "해결:",
    "unsolved": "미해결:",
    "unknown": "{name}: 이런 문제나 레슨은 없습니다. 비슷한 이름: {nearest}. "
    "전체: python -m lessons --list",
    "hole": "아직 답을 쓰지 않았습니다",
    "missing": "파일에 이 이름의 함수나 클래스가 없습니다",
    "tried": "호출:",
    "got": "결과:",
    "expected": "정답:",
    "difference": "처음으로 다른 곳 {where}: 결과 {got}, 정답 {expected}",
    "kind": "다른 점: 결과 {got}, 정답 {expected}",
    "about": "설명:",
    "changed": "답은 맞지만, 호출한 쪽에서 계속 쓸 {name}도 바뀌었습니다. 복사본으로 계산하세요",
    "endless": "{seconds}초가 지나도 끝나지 않았습니다. 실행하던 줄:",
    "hint": "힌트 {number}/{all}:",
    "stuck": "힌트 보기: {command}",
    "more": "힌트 하나 더 보기: {command}",
    "last_hint": "마지막 힌트입니다. 일단 건너뛰려면: python -m lessons --skip",
    "other_way": "{name}을(를) 이렇게 쓸 수도 있습니다:",
    "lesson_done": "{all}개 레슨 중 {number}번 레슨을 마쳤습니다. 잘하셨습니다!",
    "watching": "연습문제를 저장하면 다시 확인합니다. 끝내려면 Ctrl-C를 누르세요.",
    "run_dir": "--run-dir은 프로젝트와 함께 씁니다: python -m lessons --project NAME",
    "done": "모두 풀었습니다. 이제 내 프로젝트로 만들어 보세요: data.py, model.py, config.py.",
}

# `python -m lessons --project NAME`이 하는 말입니다.
PROJECTS = {
    "photos": "내 사진",
    "table": "동아리의 표",
    "texts": "내 텍스트 데이터",
    "style": "내가 고른 글의 문체로 쓰기",
    "own-data": "내 데이터",
    "small": "크기가 10분의 1인 모델",
    "web": "웹 페이지에 올리기",
    "unknown": "{name}: 여기에 없는 프로젝트입니다. 있는 것: {names}",
    "no_eval": "{path}이 아직 없습니다: {command}",
    "damaged": "{path}이 손상되었습니다: {command}",
    "other_part": "{path}은 {part} 데이터의 점수이고, 기준은 테스트 데이터입니다: {command}",
    "earlier": "{path}은 이 실행의 이전 모델의 점수입니다: {command}",
    "title": "프로젝트 {name}: {what}",
    "run": "실행: {folder}",
    "own_data": "내 데이터(--data)로 학습: {data}",
    "example_data": "아니요, 예제 데이터로 학습시켰습니다",
    "own_dataset": "내 data.py의 데이터",
    "enough": "테스트 예제 {least}개 이상: {count}개",
    "simpler": "{metric} {score}: 가장 좋은 단순한 모델({model}, {other})보다 "
    "{point} 넘게 나쁘지 않아야 합니다",
    "no_simpler": "eval.json에 비교할 단순한 모델의 {metric} 점수가 없습니다: "
    "eval.py를 --no-baseline 없이 실행하세요",
    "a_tenth": "가중치 {weights:,}개, {folder}의 {other:,}개의 10분의 1 이하",
    "near": "{metric} {score}: {folder}의 {other}보다 {point} 넘게 나쁘지 않아야 합니다",
    "no_larger": "비교할 큰 실행: 같은 데이터로 평가까지 마친 실행 가운데, 가중치가 이 실행의 "
    "{weights:,}개보다 {times}배 이상 많은 것이 없습니다",
    "page": "{address}에서 웹 페이지가 열려야 합니다: python -m tools.demo",
    "reached": "기준에 도달했습니다. 축하합니다!",
    "not_reached": "아직 기준에 못 미쳤습니다. 할 일: lessons/projects.md",
}
