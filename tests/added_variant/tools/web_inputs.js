// The form of a point: two numbers from 0 to 1.

function startForm(form) {
  // Put two sliders on the page; each change is answered.
  const range = { type: "range", min: 0, max: 1, step: 0.01, value: 0.2 };
  const fields = ["x", "y"].map((name) => {
    const field = element("input", range);
    form.append(labelled(name, field));
    return field;
  });
  const answer = () => {
    const numbers = Float32Array.from(fields, (field) => Number(field.value));
    const [name] = Object.keys(ABOUT.takes);
    return showAnswer({ [name]: new ort.Tensor("float32", numbers, [1, 2]) });
  };
  fields.forEach((field) => field.addEventListener("input", answer));
  answer();
}
