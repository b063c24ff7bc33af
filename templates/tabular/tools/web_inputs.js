// The form of a row, and how it becomes what the network takes: as engine/columns.py does.

const LARGEST = 3e38; // more does not fit into float32
// 2024-01-05, 2024-01-05 13:05 or 13:05: predict.py reads many more forms.
const MOMENT = /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(?:^|[ T])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function startForm(form) {
  // Put a field for each column on the page; each change is answered.
  const fields = new Map(); // the elements by the names of the columns
  const answer = () => {
    try {
      return showAnswer(rowInput(fields));
    } catch (error) {
      return showHint(error.message);
    }
  };
  for (const about of ABOUT.fields.fields) {
    const field = addField(form, about);
    field.addEventListener("input", answer);
    fields.set(about.name, field);
  }
  const take = (row) => {
    row.forEach((cell, place) => {
      const field = [...fields.values()][place];
      field.value = cell;
      field.dispatchEvent(new Event("shown"));
    });
    answer();
  };
  form.append(exampleButtons(ABOUT.examples, take));
  answer();
}

function addField(form, about) {
  // Put the field of a column on the page, and return it.
  if (about.kind === "category") {
    const field = element("select");
    for (const choice of about.choices) {
      field.append(element("option", { value: choice, textContent: choice || WORDS.empty }));
    }
    field.value = about.value;
    form.append(labelled(about.name, field));
    return field;
  }
  if (about.kind === "date") {
    const field = element("input", { type: "text", value: about.value });
    form.append(labelled(about.name, field, `${about.first} – ${about.last}`));
    return field;
  }
  if (about.kind === "number") {
    const field = element("input", { type: "number", step: "any" });
    form.append(labelled(about.name, field, `${about.least} – ${about.most}, ${WORDS.orEmpty}`));
    return field;
  }
  const range = { type: "range", min: about.least, max: about.most, step: about.step };
  const field = element("input", { ...range, value: about.value });
  const shown = element("b", { textContent: field.value }); // <output> would take the label
  for (const event of ["input", "shown"]) {
    field.addEventListener(event, () => {
      shown.textContent = field.value;
    });
  }
  const label = labelled(about.name, field);
  label.children[0].after(shown);
  form.append(label);
  return field;
}

function rowInput(fields) {
  // Return the numbers (1, F) float32 and the categories (1, C) int64 of what is filled in.
  const numbers = ABOUT.inputs.numbers.map((column) => {
    const value = readCell(fields.get(column.column).value, column);
    const scaled = (value - column.center) / column.scale;
    return Math.min(LARGEST, Math.max(-LARGEST, scaled)); // NaN stays NaN
  });
  const categories = ABOUT.inputs.categories.map(([name, known]) => {
    return BigInt(known.indexOf(fields.get(name).value) + 1); // 0 for a word that is not known
  });
  const feeds = {};
  for (const [name, form] of Object.entries(ABOUT.takes)) {
    const isNumbers = form.type === "float32";
    const data = isNumbers ? Float32Array.from(numbers) : BigInt64Array.from(categories);
    feeds[name] = new ort.Tensor(form.type, data, [1, data.length]);
  }
  return feeds;
}

function readCell(text, column) {
  // Return the number that a cell is, or a part of its date; NaN where it is empty.
  if (text.trim() === "") return NaN;
  if (column.part === "number") {
    const number = Number(text);
    if (Number.isNaN(number)) throw new Error(`${column.column}: ${WORDS.noNumber}`);
    return number;
  }
  const found = MOMENT.exec(text.trim());
  if (found === null) throw new Error(`${column.column}: ${WORDS.noDate}`);
  const parts = found.slice(1).map((part) => Number(part ?? NaN));
  const [year, month, day, hour, minute, second] = parts;
  const seconds = 3600 * (hour || 0) + 60 * (minute || 0) + (second || 0);
  if (column.part === "hours") return seconds / 3600;
  if (column.part === "hour") return Math.floor(seconds / 3600);
  if (column.part === "minute") return Math.floor((seconds % 3600) / 60);
  if (Number.isNaN(year)) return NaN;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCDate() !== day) throw new Error(`${column.column}: ${WORDS.noDate}`);
  const days = date.getTime() / 86400000;
  if (column.part === "days") return days + seconds / 86400;
  if (column.part === "weekday") return (date.getUTCDay() + 6) % 7; // 0 is Monday
  return { year, month, day }[column.part];
}
