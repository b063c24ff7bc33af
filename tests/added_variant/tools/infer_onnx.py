"""Answer for points with model.onnx, without PyTorch.  python infer_onnx.py FILE.txt...

It needs: pip install numpy onnxruntime

A point goes in as its two numbers, float32, between 0 and 1; of a file each line is a point, its
numbers between spaces.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

if __name__ == "__main__":
    session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"))
    about = json.loads(session.get_modelmeta().custom_metadata_map["model.json"])
    (node,) = session.get_inputs()
    for word in sys.argv[1:]:
        for line in Path(word).read_text(encoding="utf-8").splitlines():
            point = np.array([line.split()], np.float32)  # (1, 2)
            (outputs,) = session.run(None, {node.name: point})
            probabilities = np.asarray(outputs)[0]
            best = probabilities.argmax()
            print(f"{line}: {about['classes'][best]} {probabilities[best]:.1%}")
