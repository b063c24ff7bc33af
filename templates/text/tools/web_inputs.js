// The form of a text, and how it becomes what the network takes: as read_input of data.py does.

// What Python takes for a space: str.split().
const SPACES = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

function startForm(form) {
  // Put the field on the page; each letter is answered.
  const field = element("textarea", { rows: 5, maxLength: ABOUT.fields.most_characters });
  field.placeholder = WORDS.hint;
  const answer = () => {
    const text = composed(field.value);
    if (text === "") return showHint(WORDS.hint);
    return showAnswer(textInput(text));
  };
  const take = (text) => {
    field.value = text;
    answer();
  };
  field.addEventListener("input", answer);
  form.append(labelled(WORDS.label, field), exampleButtons(ABOUT.examples, take));
  answer();
}

function composed(text) {
  // Return a text in Unicode's form NFC, with one space between words and none at the ends.
  return text.normalize("NFC").split(SPACES).filter((word) => word !== "").join(" ");
}

function textInput(text) {
  // Return the Unicode code points of a text (1, T) int64, at most inputs.max_length of them.
  const letters = Array.from(text).slice(0, ABOUT.inputs.max_length);
  const codes = letters.map((letter) => BigInt(letter.codePointAt(0) || 32)); // 0 is the end
  const [name] = Object.keys(ABOUT.takes);
  return { [name]: new ort.Tensor("int64", BigInt64Array.from(codes), [1, codes.length]) };
}
