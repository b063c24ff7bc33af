// What every page of tools.export --web does: open the model, ask it, show what it answers.
//
// model.js holds ABOUT and MODEL, runtime.js holds RUNTIME and LOADER (onnxruntime-web): as text,
// for a page that is opened from a disk may read no other files. inputs.js has startForm.

const TOP = 3; // classes that the line names, as predict.py does
const MOST_BARS = 5;
const WORDS = document.body.dataset; // what the page says, in its language

let session; // of onnxruntime-web
let asked = 0; // questions so far: only the newest one is answered
let working = Promise.resolve(); // a session answers one question after the other

async function unpack(text) {
  // Return the bytes of a file that was packed with gzip, and is written as base64.
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function openModel() {
  // Return a session that answers with the model. Nothing is asked of any server.
  const loader = new Blob([await unpack(LOADER)], { type: "text/javascript" });
  ort.env.wasm.numThreads = 1; // more need a server that sends certain headers
  ort.env.wasm.wasmBinary = await unpack(RUNTIME);
  ort.env.wasm.wasmPaths = { mjs: URL.createObjectURL(loader) };
  return ort.InferenceSession.create(await unpack(MODEL));
}

async function run(feeds) {
  // Return what the model gives for inputs by their names: numbers in one row.
  const outputs = await session.run(feeds);
  return outputs[ABOUT.gives].data;
}

function showAnswer(feeds) {
  // Ask the model, and show its answer unless another question has come meanwhile.
  const number = ++asked;
  working = working.then(async () => {
    if (number !== asked) return;
    const numbers = Array.from(await run(feeds));
    if (number !== asked) return;
    if (ABOUT.classes.length === 0) {
      showLine(plainNumber(numbers[0]));
      return;
    }
    const order = numbers.map((_, place) => place).sort((a, b) => numbers[b] - numbers[a]);
    showBars(order.slice(0, MOST_BARS).map((place) => [ABOUT.classes[place], numbers[place]]));
    const named = order.slice(0, TOP).map((p) => `${ABOUT.classes[p]} ${percent(numbers[p])}`);
    showLine(named.join(", "), true);
  });
  working = working.catch((error) => showLine(`${WORDS.failed} ${error.message}`));
  return working;
}

function showHint(text) {
  // Show what there is to do, or what is wrong, instead of an answer.
  asked += 1;
  showLine(text);
}

function showLine(text, hasBars = false) {
  // Show a line; without bars beside it those of the answer before go.
  if (!hasBars) showBars([]);
  document.getElementById("line").textContent = text;
}

function showBars(named) {
  // Show classes and their probabilities, from 0 to 1.
  const rows = named.map(([name, share]) => {
    const row = document.createElement("li");
    const bar = document.createElement("span");
    bar.style.width = `${100 * share}%`;
    row.append(bar, element("b", { textContent: name }), percent(share));
    return row;
  });
  document.getElementById("bars").replaceChildren(...rows);
}

function percent(share) {
  // Return a probability as predict.py writes it.
  return `${(100 * share).toFixed(1)}%`;
}

function plainNumber(number) {
  // Return a number with the 7 digits that float32 has, as predict.py does: without an exponent.
  const rounded = Number(number.toPrecision(7));
  const digits = Math.max(0, 6 - Math.floor(Math.log10(Math.abs(rounded) || 1)));
  const text = rounded.toFixed(Math.min(100, digits));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function element(kind, properties = {}, ...children) {
  // Return a new element of the page.
  const made = Object.assign(document.createElement(kind), properties);
  made.append(...children);
  return made;
}

function labelled(text, field, note = "") {
  // Return a field with its name above it, and maybe a note behind that.
  const name = element("span", { textContent: text });
  return element("label", {}, name, element("small", { textContent: note }), field);
}

function exampleButtons(examples, take) {
  // Return a button for each example: its name, and a value that is taken when it is pressed.
  const buttons = examples.map(([name, value]) => {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", () => take(value));
    return button;
  });
  return element("p", { className: "examples" }, ...buttons);
}

async function main() {
  // Open the model, then put the form on the page.
  document.getElementById("title").textContent = document.title = ABOUT.title;
  document.getElementById("scores").textContent = ABOUT.scores;
  try {
    session = await openModel();
    startForm(document.getElementById("form"));
  } catch (error) {
    showLine(`${WORDS.failed} ${error.message}`);
  }
}

main();
