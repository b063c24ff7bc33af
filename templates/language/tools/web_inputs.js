// The form of a text that is written on, and how the network writes: as engine/writing.py does.
//
// It draws from other random numbers than predict.py: at temperature 0 both write the same text.

// What Python takes for a space: str.rstrip().
const END_OF_LINE =
  /[\t\x0b\f\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u;

function startForm(form) {
  // Put the fields on the page. The text grows after Write is pressed.
  const limits = ABOUT.fields;
  const field = element("textarea", { rows: 4, maxLength: limits.most_characters });
  field.placeholder = WORDS.hint;
  const count = numberField(300, 1, limits.most_written, 1);
  const temperature = numberField(0.8, 0, limits.hottest, 0.1);
  const seed = numberField(0, 0, limits.last_seed, 1);
  const written = document.getElementById("written");
  let turn = 0; // another press ends what is being written

  async function write() {
    const mine = ++turn;
    const begun = readAs(field.value);
    written.textContent = "";
    if (begun === "") return showLine(WORDS.hint);
    const fields = [count, temperature, seed];
    if (!fields.every((one) => one.value !== "" && one.checkValidity())) {
      return showLine(WORDS.wrong);
    }
    showLine("");
    written.textContent = begun;
    await working;
    const draw = random(Number(seed.value));
    let left = Number(count.value);
    for await (const letter of writeOn(begun, Number(temperature.value), draw)) {
      if (mine !== turn) return;
      written.textContent += letter;
      left -= 1;
      if (left === 0) break;
    }
    showLine(WORDS.done);
  }

  const button = element("button", { type: "button", textContent: WORDS.write, className: "main" });
  button.addEventListener("click", () => {
    working = write().catch((error) => showLine(`${WORDS.failed} ${error.message}`));
  });
  const row = element("div", { className: "row" });
  row.append(labelled(WORDS.count, count), labelled(WORDS.temperature, temperature));
  row.append(labelled(WORDS.seed, seed));
  const take = (text) => {
    field.value = text;
  };
  form.append(labelled(WORDS.label, field), row, button, exampleButtons(ABOUT.examples, take));
  showLine(WORDS.hint);
}

function numberField(value, min, max, step) {
  // Return a field for a number.
  return element("input", { type: "number", min, max, step, value, required: true });
}

function readAs(text) {
  // Return a text as data.py reads it: in Unicode's form NFC, no spaces before the end of a line.
  const lines = text.normalize("NFC").replaceAll("\r\n", "\n").replaceAll("\r", "\n").split("\n");
  return lines.map((line) => line.replace(END_OF_LINE, "")).join("\n").replace(/^\n+|\n+$/g, "");
}

async function* writeOn(begun, temperature, draw) {
  // Yield one character after the other, without an end.
  //
  // The network looks back inputs.context characters at most. When these are full, it begins a new
  // window with the second half of them.
  const characters = Array.from(ABOUT.inputs.characters);
  const numberOf = new Map(characters.map((letter, number) => [letter, number]));
  const context = ABOUT.inputs.context;
  const [name] = Object.keys(ABOUT.takes);
  const make = { int32: Int32Array, int64: BigInt64Array }[ABOUT.takes[name].type];
  let window = Array.from(begun, (letter) => numberOf.get(letter) ?? 0).slice(-context);
  while (true) {
    const numbers = make === BigInt64Array ? window.map(BigInt) : window;
    const tensor = new ort.Tensor(ABOUT.takes[name].type, make.from(numbers), [1, window.length]);
    const number = choose(Array.from(await run({ [name]: tensor })), temperature, draw);
    yield characters[number];
    window.push(number);
    if (window.length > context) window = window.slice(-Math.max(1, Math.floor(context / 2)));
  }
}

function choose(chances, temperature, draw) {
  // Return the number of a character that is drawn; never 0, which stands for unknown ones.
  chances[0] = 0;
  const highest = Math.max(...chances);
  if (temperature === 0) return chances.indexOf(highest);
  const powers = chances.map((chance) => (chance / highest) ** (1 / temperature));
  let left = draw() * powers.reduce((sum, power) => sum + power, 0);
  for (let number = 1; number < powers.length; number += 1) {
    left -= powers[number];
    if (left < 0) return number;
  }
  return chances.indexOf(highest);
}

function random(seed) {
  // Return a function that gives numbers from 0 to 1, always the same ones for a seed: mulberry32.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
