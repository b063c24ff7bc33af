// The form of a picture, and how it becomes what the network takes: as engine/picture_file.py does.
//
// The same numbers come out for PNG. For JPEG the browser's decoder rounds otherwise than Pillow's,
// and Pillow decodes large ones smaller at once. Of more than 8 bits a browser keeps 8.

const LIGHT_CORNERS = 160; // of 255: paper is lighter
const PAPER = 400; // pixels of the sheet to draw on
const PEN = 18;
const BITS = 22; // of the fractions with which Pillow resizes

function startForm(form) {
  // Put a sheet to draw on on the page, where training saw ink on paper, and a field for a file.
  if (ABOUT.fields.drawable) addSheet(form);
  const file = element("input", { type: "file", accept: "image/*" });
  const shown = element("img", { alt: "", hidden: true });
  const answer = async (blob) => {
    try {
      showAnswer(pictureInput(readPixels(await decode(blob))));
      shown.src = URL.createObjectURL(blob);
      shown.hidden = false;
    } catch (error) {
      showHint(`${WORDS.noPicture} ${error.message}`);
    }
  };
  file.addEventListener("change", () => {
    if (file.files.length > 0) answer(file.files[0]);
  });
  form.append(labelled(WORDS.label, file), shown);
  const examples = ABOUT.examples.map(([name, text]) => [name, text]);
  form.append(exampleButtons(examples, async (text) => answer(await (await fetch(text)).blob())));
  showHint(ABOUT.fields.drawable ? WORDS.hint : WORDS.hintPicture);
}

function addSheet(form) {
  // Put a sheet of paper and a button on the page; each stroke is answered.
  const sheet = element("canvas", { width: PAPER, height: PAPER });
  const pen = sheet.getContext("2d", { willReadFrequently: true });
  Object.assign(pen, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
  const clear = () => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, PAPER, PAPER);
    showHint(WORDS.hint);
  };
  const place = (event) => {
    const box = sheet.getBoundingClientRect();
    const scale = PAPER / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  };
  sheet.addEventListener("pointerdown", (event) => {
    sheet.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
    pen.lineTo(...place(event));
    pen.stroke();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (event.buttons === 0) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  sheet.addEventListener("pointerup", () => {
    const ink = cutOut(readGrey(pen.getImageData(0, 0, PAPER, PAPER)));
    if (ink === null) return showHint(WORDS.hint);
    return showAnswer(pictureInput(ink));
  });
  const button = element("button", { type: "button", textContent: WORDS.clear });
  button.addEventListener("click", clear);
  form.append(labelled(WORDS.draw, sheet), button);
  clear();
}

async function decode(blob) {
  // Return the pixels of a picture file, upright: red, green, blue and opacity of each.
  const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
  const picture = await createImageBitmap(blob, { ...options, imageOrientation: "from-image" });
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, picture.width, picture.height);
}

function readPixels(image) {
  // Return a picture laid on white, in grey or colour as the network takes it: its planes.
  if (ABOUT.inputs.channels === 1) return readGrey(image);
  const planes = [0, 1, 2].map((channel) => plane(image, (pixel) => pixel[channel]));
  return { width: image.width, height: image.height, planes };
}

function readGrey(image) {
  // Return a picture in grey, as Pillow makes it of red, green and blue.
  const grey = ([r, g, b]) => (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
  return { width: image.width, height: image.height, planes: [plane(image, grey)] };
}

function plane(image, value) {
  // Return a number from 0 to 255 for each pixel: what `value` gives for it once it is opaque.
  const { data } = image;
  const values = new Float64Array(data.length / 4);
  for (let at = 0; at < data.length; at += 4) {
    const opacity = data[at + 3];
    const onWhite = (part) => Math.round((part * opacity + 255 * (255 - opacity)) / 255);
    values[at / 4] = value([onWhite(data[at]), onWhite(data[at + 1]), onWhite(data[at + 2])]);
  }
  return values;
}

function pictureInput(picture) {
  // Return a picture as the network takes it: (1, C, H, W) float32 in 0..1.
  const { channels, height, width } = ABOUT.inputs;
  let { planes } = picture;
  while (planes.length < channels) planes = [...planes, planes[0]];
  if (ABOUT.inputs.invert_paper && hasLightCorners(picture)) {
    planes = planes.map((values) => values.map((value) => 255 - value));
  }
  const fitted = planes.map((values) => fit(values, picture.width, picture.height, width, height));
  const numbers = Float32Array.from(fitted.flatMap((values) => Array.from(values)), byte);
  const [name] = Object.keys(ABOUT.takes);
  return { [name]: new ort.Tensor("float32", numbers, [1, channels, height, width]) };
}

function byte(value) {
  // Return a value from 0 to 255 as a share.
  return value / 255;
}

function hasLightCorners(picture) {
  // Return whether the four corners of a picture are as light as paper.
  const { width, height, planes } = picture;
  const corners = [0, width - 1, width * (height - 1), width * height - 1];
  const values = planes.flatMap((one) => corners.map((at) => one[at]));
  return values.reduce((sum, value) => sum + value, 0) / values.length > LIGHT_CORNERS;
}

function fit(values, oldWidth, oldHeight, width, height) {
  // Return a plane in another size, its proportions kept: it stands in the middle of black.
  let newWidth = width;
  let newHeight = height;
  if (oldWidth * height > oldHeight * width) {
    newHeight = Math.max(1, roundHalfEven((oldHeight / oldWidth) * width));
  } else {
    newWidth = Math.max(1, roundHalfEven((oldWidth / oldHeight) * height));
  }
  const narrow = resizeRows(values, oldWidth, oldHeight, newWidth);
  const turned = resizeRows(turn(narrow, newWidth, oldHeight), oldHeight, newWidth, newHeight);
  const small = turn(turned, newHeight, newWidth);
  const sheet = new Float64Array(width * height);
  const left = roundHalfEven((width - newWidth) / 2);
  const top = roundHalfEven((height - newHeight) / 2);
  for (let y = 0; y < newHeight; y += 1) {
    for (let x = 0; x < newWidth; x += 1) {
      sheet[(top + y) * width + left + x] = small[y * newWidth + x];
    }
  }
  return sheet;
}

function resizeRows(values, oldWidth, height, width) {
  // Return rows with another number of pixels, each the mean of an area, rounded as Pillow does.
  const scale = oldWidth / width;
  const reach = 0.5 * Math.max(scale, 1);
  const resized = new Float64Array(width * height);
  for (let x = 0; x < width; x += 1) {
    const center = (x + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(oldWidth, Math.trunc(center + reach + 0.5));
    const weights = [];
    for (let at = first; at < end; at += 1) {
      const distance = (at - center + 0.5) / Math.max(scale, 1);
      weights.push(distance > -0.5 && distance <= 0.5 ? 1 : 0);
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = weights.map((weight) => Math.trunc(0.5 + (weight / total) * 2 ** BITS));
    for (let y = 0; y < height; y += 1) {
      let sum = 2 ** (BITS - 1);
      for (let at = first; at < end; at += 1) {
        sum += values[y * oldWidth + at] * shares[at - first];
      }
      resized[y * width + x] = Math.min(255, Math.floor(sum / 2 ** BITS));
    }
  }
  return resized;
}

function turn(values, width, height) {
  // Return a plane whose rows are the columns of another one.
  const turned = new Float64Array(values.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) turned[x * height + y] = values[y * width + x];
  }
  return turned;
}

function roundHalfEven(number) {
  // Return a number rounded as Python does: halves to the even neighbour.
  const low = Math.floor(number);
  if (number - low !== 0.5) return Math.round(number);
  return low % 2 === 0 ? low : low + 1;
}

function cutOut(drawing) {
  // Return a drawing as a picture like those in training; null if it is empty.
  //
  // It is cut out, and gets such a margin that the share of ink is the mean one in training: as
  // save_ink of tools/demo_form.py does.
  const { width } = drawing;
  const ink = drawing.planes[0].map((value) => 255 - value);
  const xs = [];
  const ys = [];
  let total = 0;
  ink.forEach((value, at) => {
    if (value === 0) return;
    xs.push(at % width);
    ys.push(Math.floor(at / width));
    total += value;
  });
  if (xs.length === 0) return null;
  const left = xs.reduce((a, b) => Math.min(a, b));
  const top = ys.reduce((a, b) => Math.min(a, b));
  const inkWidth = xs.reduce((a, b) => Math.max(a, b)) - left + 1;
  const inkHeight = ys.reduce((a, b) => Math.max(a, b)) - top + 1;
  const longer = Math.max(inkWidth, inkHeight);
  const mean = ABOUT.inputs.mean[0];
  const inTraining = Math.max(1 / 255, Math.min(mean, 1 - mean));
  const share = total / 255 / longer ** 2;
  const side = roundHalfEven(longer * Math.max(1.02, Math.sqrt(share / inTraining)));
  const square = new Float64Array(side * side);
  const marginLeft = Math.floor((side - inkWidth) / 2);
  const marginTop = Math.floor((side - inkHeight) / 2);
  for (let y = 0; y < inkHeight; y += 1) {
    for (let x = 0; x < inkWidth; x += 1) {
      square[(marginTop + y) * side + marginLeft + x] = ink[(top + y) * width + left + x];
    }
  }
  const plane = mean > 0.5 ? square.map((value) => 255 - value) : square; // dark on light
  return { width: side, height: side, planes: [plane] };
}
