"""Answers to the exercises of lesson 2: unusual right ones, and plausible wrong ones."""

RIGHT = {
    "all_sums": [
        "return torch.add(a.unsqueeze(1), b.unsqueeze(0))",
        "return torch.stack([number + b for number in a])",
        "table = a.repeat(len(b), 1).T\nreturn table + b",
        """
rows, columns = torch.meshgrid(a, b, indexing="ij")
return rows + columns
""",
        "return (b.view(-1, 1) + a).transpose(0, 1)",
    ],
    "one_hot": [
        "return torch.nn.functional.one_hot(labels, num_classes=classes)",
        "return torch.eye(classes, dtype=torch.long)[labels]",
        """
table = torch.zeros(len(labels), classes, dtype=torch.int32)
for row, label in enumerate(labels):
    table[row, label] = 1
return table
""",
        "return torch.zeros(len(labels), classes).scatter(1, labels[:, None], 1.0).long()",
        "return (torch.arange(classes).unsqueeze(1) == labels).int().T",
    ],
    "pick": [
        "return table.gather(1, columns[:, None]).squeeze(1)",
        "return table[:, columns].diagonal()",
        "return torch.stack([row[column] for row, column in zip(table, columns)])",
        "chosen = torch.arange(table.shape[1]) == columns[:, None]\nreturn table[chosen]",
        "return table[list(range(table.size(0))), columns.tolist()]",
    ],
    "standardize": [
        "deviation, mean = torch.std_mean(table, dim=0)\nreturn (table - mean) / deviation",
        """
centred = table - table.sum(dim=0) / len(table)
return centred / ((centred**2).sum(dim=0) / (len(table) - 1)).sqrt()
""",
        """
result = table.clone()
for column in range(table.shape[1]):
    result[:, column] -= result[:, column].mean()
    result[:, column] /= result[:, column].std()
return result
""",
        "columns = table.T\nreturn ((columns - columns.mean(1, keepdim=True)) / "
        "columns.std(1, keepdim=True)).T",
        """
numbers = table.numpy()
return torch.from_numpy((numbers - numbers.mean(axis=0)) / numbers.std(axis=0, ddof=1))
""",
    ],
    "numpy_product": [
        "return array.astype(np.float32) @ weight.numpy()",
        "return torch.matmul(torch.tensor(array, dtype=weight.dtype), weight).numpy()",
        "return (torch.as_tensor(array) @ weight.double()).float().numpy(force=True)",
        """
result = np.zeros((array.shape[0], weight.shape[1]), dtype=np.float32)
for i in range(array.shape[0]):
    for j in range(weight.shape[1]):
        result[i, j] = sum(array[i, k] * weight[k, j].item() for k in range(array.shape[1]))
return result
""",
        "return np.float32(np.einsum('nf,fc->nc', array, weight.numpy()))",
    ],
    "shrink": [
        "return torch.nn.functional.avg_pool2d(picture[None, None], 2)[0, 0]",
        "return (picture[::2, ::2] + picture[1::2, ::2] + picture[::2, 1::2] "
        "+ picture[1::2, 1::2]) / 4",
        "return picture.unfold(0, 2, 2).unfold(1, 2, 2).mean(dim=(2, 3))",
        """
rows = picture.reshape(-1, 2, picture.shape[1]).mean(dim=1)
return rows.T.reshape(-1, 2, rows.shape[0]).mean(dim=1).T
""",
        """
result = torch.empty(picture.shape[0] // 2, picture.shape[1] // 2)
for y in range(result.shape[0]):
    for x in range(result.shape[1]):
        result[y, x] = picture[2 * y : 2 * y + 2, 2 * x : 2 * x + 2].mean()
return result
""",
    ],
}

WRONG = {
    "all_sums": [
        "return a + b",
        "return a + b[:, None]",
        "return torch.cartesian_prod(a, b).sum(dim=1)",
        "return a[:, None] * b",
        "return a.unsqueeze_(1) + b",
        "return (a[:, None] + b).long()",
        "return torch.stack([a + b for _ in a])",
        "a = a.reshape(2, 1)\nreturn a + b",
    ],
    "one_hot": [
        "return labels[:, None] == torch.arange(classes)",
        "return torch.eye(classes)[labels]",
        "return torch.nn.functional.one_hot(labels)",
        "return (labels == torch.arange(classes)[:, None]).long()",
        """
row = torch.zeros(classes, dtype=torch.long)
row[labels] = 1
return row
""",
        """
table = torch.zeros(len(labels), classes, dtype=torch.long)
table[:, labels] = 1
return table
""",
        "return torch.nn.functional.one_hot(labels, 3)",
    ],
    "pick": [
        "return table[:, columns]",
        "return table.max(dim=1).values",
        "return table.gather(1, columns[:, None])",
        "return table.gather(1, columns[:, None]).squeeze()",
        "return table[columns, torch.arange(len(table))]",
        "return table.gather(0, columns[None])[0]",
        "return table.flatten()[columns]",
    ],
    "standardize": [
        "return (table - table.mean()) / table.std()",
        "return (table - table.mean(dim=1, keepdim=True)) / table.std(dim=1, keepdim=True)",
        "return (table - table.mean(dim=0)) / table.std(dim=0, correction=0)",
        "return table - table.mean(dim=0)",
        "table -= table.mean(dim=0)\ntable /= table.std(dim=0)\nreturn table",
        "return (table - table.mean(dim=0)) / table.var(dim=0)",
        "return torch.nn.functional.layer_norm(table, table.shape[1:])",
        "return (table - table.mean(dim=0)) / table.std()",
    ],
    "numpy_product": [
        "return array @ weight.numpy()",
        "return torch.from_numpy(array) @ weight",
        "return torch.from_numpy(array).float() @ weight",
        "return (torch.from_numpy(array).float() * weight.T).numpy()",
        "return (weight.T @ torch.from_numpy(array).float().T).numpy()",
        "return (torch.from_numpy(array).float() @ weight).tolist()",
        "return (torch.from_numpy(array) @ weight.double()).numpy()",
        "return (torch.from_numpy(array).int() @ weight.int()).float().numpy()",
        "return (torch.from_numpy(array).float() @ weight).half().numpy()",
        "return (torch.from_numpy(array).float() @ weight).numpy().squeeze()",
    ],
    "shrink": [
        "return picture[::2, ::2]",
        "height, width = picture.shape\n"
        "return picture.reshape(height // 2, width // 2, 4).mean(dim=2)",
        "height, width = picture.shape\n"
        "return picture.reshape(height // 2, 2, width // 2, 2).mean(dim=(0, 2))",
        "half = len(picture) // 2\nreturn picture.reshape(half, 2, half, 2).mean(dim=(1, 3))",
        "height, width = picture.shape\n"
        "return picture.reshape(height // 2, 2, width // 2, 2).sum(dim=(1, 3))",
        "return torch.nn.functional.max_pool2d(picture[None], 2)[0]",
        "return (picture[::2] + picture[1::2]) / 2",
        "return torch.nn.functional.avg_pool2d(picture[None], 2)",
    ],
}
