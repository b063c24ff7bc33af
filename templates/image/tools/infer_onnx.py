"""Answer for pictures with model.onnx, without PyTorch.  python infer_onnx.py PICTURE...

It needs: pip install numpy onnxruntime pillow

A picture is turned upright and laid on white where it is transparent; it becomes grey (1 channel)
or RGB (3). Grey ones with light corners are inverted where training had light on dark (the mean
is below 0.38). Then it is shrunk or enlarged by the mean of areas until one side fits height and
width, and the rest is black. Its pixels, 0 to 255, are divided by 255 and go in: normalising them
is in the network.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps


def read_picture(path: str, channels: int, height: int, width: int, mean: list[float]):
    """Return a picture as the network takes it: (1, C, H, W) float32 in 0..1."""
    with Image.open(path) as file:
        file.draft(None, (2 * width, 2 * height))  # the JPEG decoder leaves out what is not needed
        picture = ImageOps.exif_transpose(file)
    if picture.mode.startswith("I"):  # 16 bits
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    picture = picture.convert("L" if channels == 1 else "RGB")
    if channels == 1 and mean[0] < 0.38:  # training saw light on dark
        corners = np.asarray(picture)[[0, 0, -1, -1], [0, -1, 0, -1]]
        if corners.mean() > 160:
            picture = ImageOps.invert(picture)
    picture = ImageOps.pad(picture, (width, height), Image.Resampling.BOX)
    pixels = np.asarray(picture).reshape(1, height, width, channels)
    return pixels.transpose(0, 3, 1, 2).astype(np.float32) / 255


def main() -> None:
    """Print the likeliest class of each picture, and how likely it is."""
    parser = argparse.ArgumentParser(description="Answer for pictures with model.onnx.")
    parser.add_argument("pictures", nargs="+")
    paths = parser.parse_args().pictures

    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    inputs = about["inputs"]
    (node,) = session.get_inputs()
    for path in paths:
        picture = read_picture(
            path, inputs["channels"], inputs["height"], inputs["width"], inputs["mean"]
        )
        (outputs,) = session.run(None, {node.name: picture})
        probabilities = np.asarray(outputs)[0]
        best = probabilities.argmax()
        print(f"{path}: {about['classes'][best]} {probabilities[best]:.1%}")


if __name__ == "__main__":
    main()
