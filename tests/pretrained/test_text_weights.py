"""The texts' real weights are the right ones: they know which sentences mean the same."""

import hub
import torch
import transformers


def test_transformers_finds_the_weights_offline_and_they_know_what_means_the_same():
    tokenizer = transformers.AutoTokenizer.from_pretrained(hub.TEXTS)
    network = transformers.AutoModel.from_pretrained(hub.TEXTS).eval()
    features = []
    for text in ("A doctor treats the ill.", "A physician cures patients.", "The car is fast."):
        with torch.no_grad():
            hidden = network(**tokenizer(text, return_tensors="pt")).last_hidden_state
        features.append(hidden.mean(dim=1))
    same = torch.cosine_similarity(features[0], features[1])
    other = torch.cosine_similarity(features[0], features[2])
    assert same > 0.5
    assert other < 0.2
