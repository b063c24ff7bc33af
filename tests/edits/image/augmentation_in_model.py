"""An augmentation of one's own in training: a square is cut out of each picture."""

import torch

FILE = "model.py"


def augment(pictures, config):
    return cut_out(pictures, side=3)


def cut_out(pictures, side):
    pictures = pictures.clone()
    _, _, height, width = pictures.shape
    for picture in pictures:
        top = torch.randint(height - side + 1, (1,)).item()
        left = torch.randint(width - side + 1, (1,)).item()
        picture[:, top : top + side, left : left + side] = 0
    return pictures
