"""Answer for pictures with model.onnx, without PyTorch.  python infer_onnx.py PICTURE...

It needs: pip install numpy onnxruntime pillow

A picture is turned upright and laid on white where it is transparent; it becomes grey (1 channel)
or RGB (3). Grey ones with light corners are inverted where training had light on dark (the mean
is below 96). Then it is shrunk or enlarged by the mean of areas until one side fits height and
width, and the rest is black. Its pixels, 0 to 255, go in: scaling them is in the network.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from PIL import Image, ImageOps


def read_picture(path: str, channels: int, height: int, width: int, mean: list, std: list):
    """Return the pixels (1, C, H, W) uint8 of a picture."""
    with Image.open(path) as file:
        file.draft(None, (2 * width, 2 * height))  # the JPEG decoder leaves out what is not needed
        picture = ImageOps.exif_transpose(file)
    if picture.mode[0] == "I":  # 16 bits
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    picture = picture.convert({1: "L", 3: "RGB"}[channels])
    corners = np.asarray(picture)[[0, 0, -1, -1], [0, -1, 0, -1]]
    if channels == 1 and mean[0] < 96 and corners.mean() > 160:
        picture = ImageOps.invert(picture)
    picture = ImageOps.pad(picture, (width, height), Image.Resampling.BOX)
    return np.asarray(picture).reshape(1, height, width, channels).transpose(0, 3, 1, 2)


def main() -> None:
    """Print the likeliest class of each picture, and how likely it is."""
    parser = argparse.ArgumentParser(description="Answer for pictures with model.onnx.")
    parser.add_argument("pictures", nargs="+")
    session: Any = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    for path in parser.parse_args().pictures:
        images = read_picture(path, **about["inputs"])
        (probabilities,) = session.run(["probabilities"], {"images": images})[0]
        best = probabilities.argmax()
        print(f"{path}: {about['classes'][best]} {probabilities[best]:.1%}")


if __name__ == "__main__":
    main()
