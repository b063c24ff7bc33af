"""Any answers at all are refused by both generators alike, or give a valid project."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from generators import CHOICES, read_answers, tree, with_cookiecutter, with_copier
from hypothesis import assume, example, given, seed, settings
from hypothesis import strategies as st
from test_names import RULE, assert_valid

# What an answer can be put together from, beside single characters of any kind.
PIECES = [
    *["{{", "}}", "{%", "%}", "{#", "#}", "{% raw %}", "{{ 7 * 7 }}", "{{ cookiecutter }}"],
    *['"', "'", '"""', "'''", "\\", "\\u0041", "`", "$", "${HOME}", "$(id)", "%(x)s", "%PATH%"],
    *["/", "//", "../", "..\\", "C:\\", "~", "~/", "NUL", "con.txt", ".git", "x\0y", "-", "--"],
    *["\n", "\r\n", "\t", "\a", "\x1b[31m", "\x7f", "\x85", "\u2028", " ", "\u00a0", "\u3000"],
    *["\u202e", "\u2066", "\u200f", "\u200b", "\u200d", "\ufeff", "\ufffe", "\ue000", "\u0378"],
    *["\ud800", "\udfff", "\ud83d\udd25", "🔥", "🇰🇷", "\U0001d54f", "\U000e0041", "e\u0301"],
    *[
        "가",
        "한글",
        "\u1100",
        "ß",
        "\u0130",
        "\u01c5",
        "\u0661",
        "\ufb01",
        "\uff21",
        "中文",
        "שלום",
    ],
    *["#", "# ", "*", "_", "~~", "[", "](x)", "!", "<b>", "&", "&amp;", "|", ">", "1. ", "+ ", "="],
    *[": ", " #", "- ", "? ", "&a", "*a", "!!", "@", "%", "---", "...", "yes", "null", "0x1"],
    *["torch", "test", "nvidia-", "class", "x" * 40, "가" * 79, "x" * 1000, "A", "b", "7"],
]
PUT_TOGETHER = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=90),
    PUT_TOGETHER,
    PUT_TOGETHER.map(lambda text: "".join(filter(str.isprintable, text)).strip()[:80].strip()),
)
WORDS_FOR = {"yes": "yes y true t on 1", "no": "no n false f off 0"}
YES_OR_NO = {word: answer for answer, words in WORDS_FOR.items() for word in words.split()}
# A file of settings or answers holds more than texts. A list or a dict there is no answer: to
# cookiecutter it is another set of choices.
ANSWERS = st.one_of(TEXTS, TEXTS, TEXTS, st.integers(), st.floats(), st.booleans(), st.none())


@st.composite
def hostile(draw):
    """Return an answer to each question: often all choices can be used, or the name can."""
    answers = {name: draw(st.sampled_from(choices)) for name, choices in CHOICES.items()}
    answers["project_name"] = draw(ANSWERS)
    for name in draw(st.sets(st.sampled_from([*CHOICES, "none of them"]), max_size=1)):
        answers[name] = draw(ANSWERS)
        if CHOICES.get(name) == ["yes", "no"]:
            # Here the two differ: cookiecutter takes spaces away, copier takes the numbers 1 and 0.
            assume(answers[name] == str(answers[name]).strip() or isinstance(answers[name], bool))
    return answers


def is_usable(name):
    """Return the rule of both question files once more, in plain words."""
    if not is_text(name):
        return False
    text = str(name)
    marks = [mark for mark in ("{{", "{%", "{#") if mark in text]
    return 0 < len(text) <= 80 and text.isprintable() and text == text.strip() and not marks


def is_text(name):
    """Return whether both take it for a text: a number is one, what YAML makes of `no` is none."""
    return name is not None and not isinstance(name, bool)


def kept(question, answer):
    """Return how an answers file has an answer; None if the answer cannot be given."""
    if CHOICES[question] != ["yes", "no"]:
        return answer if answer in CHOICES[question] else None
    if isinstance(answer, bool | str):
        return YES_OR_NO.get(str(answer).lower())
    return None


def refusal(make, *arguments, **answers):
    """Return what a generator says when it refuses, or None when it does not."""
    try:
        make(*arguments, **answers)
    except Exception as error:
        return str(error)
    return None


def try_out(template, folder, capfd, answers):
    """Check what both generators do with a set of answers; return whether they make a project."""
    ours, theirs = folder / "cookiecutter", folder / "copier"
    capfd.readouterr()
    said = refusal(with_cookiecutter, template, ours, **answers)
    error = capfd.readouterr().err
    answered = refusal(with_copier, template, theirs, **answers)
    wrong = [question for question in CHOICES if kept(question, answers[question]) is None]
    name = answers["project_name"]
    if not wrong and is_usable(name):
        assert (said, error, answered) == (None, "", None)
        (project,) = ours.iterdir()
        assert tree(project) == tree(theirs)
        expected = {question: kept(question, answers[question]) for question in CHOICES}
        expected["project_name"] = str(name)
        assert read_answers(project) == read_answers(theirs) == expected
        assert_valid(project, str(name))
        return True
    if wrong:
        # Of a choice cookiecutter speaks itself; of a number where yes or no is asked, our hook.
        assert wrong[0] in said + error
        assert wrong[0] in answered
        assert error == "" or error.startswith(f"{wrong[0]}: ")
    elif is_text(name):
        assert said.startswith("Hook script failed")
        assert error == f"project_name: {RULE}\n"
        assert f"project_name: {RULE}" in answered
    else:
        assert said.startswith("Hook script failed")
        assert error.startswith(f"project_name: {name} is no text")
        assert f"project_name: {name} in --data is no text" in answered
    assert error.count("\n") <= 1
    assert list(ours.iterdir()) == []
    assert not theirs.exists()
    return False


def of_another_kind(test):
    """Try what was found first: names that are no text (tests/test_names.py has the texts)."""
    answers = {name: choices[0] for name, choices in CHOICES.items()}
    for name in (None, True, False, 0, -1.5):
        test = example(answers | {"project_name": name})(test)
    return test


# A thousand in all: in parts, which can be tried side by side.
@pytest.mark.parametrize("part", range(4))
def test_any_answers_are_refused_by_both_or_give_the_same_valid_project(part, reached, capfd):
    outcomes = Counter()

    @seed(part)
    @settings(max_examples=250, database=None, deadline=None)
    @given(hostile())
    @of_another_kind
    def check(answers):
        with tempfile.TemporaryDirectory() as outside:
            folder = Path(outside) / "inside"
            folder.mkdir()
            outcomes[try_out(reached, folder, capfd, answers)] += 1
            assert list(Path(outside).iterdir()) == [folder]

    check()
    assert outcomes.total() > 250
    assert min(outcomes[True], outcomes[False]) > 30, outcomes
