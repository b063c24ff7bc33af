"""Write the random images that `resnet` trains on as picture files, for the project's --data.

    python write_pictures.py FOLDER --images 50000

FOLDER gets train/, val/ and test/, each with a folder for every class.
"""

import argparse
from pathlib import Path

from common import SYNTHETIC, synthetic
from PIL import Image


def main() -> None:
    """Write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=SYNTHETIC)
    options = parser.parse_args()
    few = max(20, options.images // 50)
    for part, count in {"train": options.images, "val": few, "test": few}.items():
        for label in range(10):
            (options.folder / part / str(label)).mkdir(parents=True)
        for number, image in enumerate(synthetic(count)[0]):
            path = options.folder / part / str(number % 10) / f"{number}.bmp"
            Image.fromarray(image.permute(1, 2, 0).numpy()).save(path)


if __name__ == "__main__":
    main()
