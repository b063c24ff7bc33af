"""Gradients of two halves of a batch are added up before each step, to save memory."""

FILE = "train.py"
REPLACE = [
    (
        "        with mixed_precision:\n"
        "            losses, outputs = compute_loss(model, batch, config)  # (N,), logits (N, K)\n"
        "            loss = losses.mean()\n"
        "\n"
        "        optimizer.zero_grad()\n"
        "        scaler.scale(loss).backward()  # scale changes nothing unless --precision is fp16\n",
        "        optimizer.zero_grad()\n"
        "        parts = []\n"
        "        for pictures, labels in zip(batch[0].chunk(2), batch[1].chunk(2), strict=True):\n"
        "            with mixed_precision:\n"
        "                losses, outputs = compute_loss(model, (pictures, labels), config)\n"
        "            loss = losses.sum() / len(batch[1])\n"
        "            scaler.scale(loss).backward()\n"
        "            parts.append((losses, outputs))\n"
        "        losses = torch.cat([losses for losses, _ in parts])\n"
        "        outputs = torch.cat([outputs for _, outputs in parts])\n",
    ),
]
