"""Answer for pictures with model.onnx, without PyTorch.  python infer_onnx.py PICTURE...

It needs: pip install numpy onnxruntime pillow, and pillow-heif for HEIC.
engine/picture_file.py beside this file reads a picture, as in training.

A picture is turned upright and laid on white where it is transparent; it becomes grey (1 channel)
or RGB (3). Of more than 8 bits, `ranges` says for each depth which values become 0 and 1; values
of 8 bits, 0 to 255, are divided by 255. With `invert_paper`, grey ones with light corners are
inverted. Then it is shrunk or enlarged by the mean of areas until one side fits height and width,
and the rest is black. So it goes in: normalising it is in the network.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from engine.picture_file import PictureError, read_picture
from engine.terminal import in_one_line


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
            path,
            inputs["channels"],
            inputs["height"],
            inputs["width"],
            inputs["ranges"],
            inputs["invert_paper"],
        )
        (outputs,) = session.run(None, {node.name: picture[np.newaxis]})  # (1, C, H, W)
        probabilities = np.asarray(outputs)[0]
        best = probabilities.argmax()
        line = f"{path}: {about['classes'][best]} {probabilities[best]:.1%}"
        print(in_one_line(line))  # a name must not command the terminal


if __name__ == "__main__":
    try:
        main()
    except PictureError as error:
        print(in_one_line(f"error: {error}"), file=sys.stderr)
        sys.exit(2)
