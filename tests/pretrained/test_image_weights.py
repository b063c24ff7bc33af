"""The pictures' real weights are the right ones: they know what is on two photos."""

import timm
import torch
from PIL import Image
from sklearn.datasets import load_sample_image

DAISY = 985
BELL_COTE = 442
PALACE = 698


def test_timm_finds_the_weights_offline_and_they_know_a_daisy_and_a_palace():
    network = timm.create_model("tf_efficientnet_lite0", pretrained=True).eval()
    answers = []
    for name in ("flower.jpg", "china.jpg"):
        photo = Image.fromarray(load_sample_image(name))
        side = min(photo.size)
        left = (photo.width - side) // 2
        square = photo.crop((left, 0, left + side, side)).resize((224, 224))
        pixels = torch.frombuffer(bytearray(square.tobytes()), dtype=torch.uint8)
        picture = pixels.view(1, 224, 224, 3).permute(0, 3, 1, 2) / 255
        with torch.no_grad():
            answers.append(int(network((picture - 0.5) / 0.5).argmax()))
    assert answers[0] == DAISY
    assert answers[1] in (PALACE, BELL_COTE)
