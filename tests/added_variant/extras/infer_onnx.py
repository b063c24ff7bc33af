"""Answer for points with model.onnx, without PyTorch.  python infer_onnx.py FILE.txt...

It needs: pip install numpy onnxruntime

A point goes in as its two numbers, float32, between 0 and 1; of a file each line is a point, its
numbers between spaces.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

if __name__ == "__main__":
    session: Any = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    (name,) = about["takes"]
    for line in "\n".join(Path(one).read_text("utf-8") for one in sys.argv[1:]).splitlines():
        (chances,) = session.run(None, {name: np.array([line.split()], np.float32)})[0]
        print(f"{line}: {about['classes'][chances.argmax()]} {chances.max():.1%}")
