"""The models of the training group in PyTorch: the same layers, batches and optimiser; and numpy's product.

Arguments: steps of the perceptron, steps of the transformer, size of the matrices, products, result file.
"""

import json
import os
import sys
import time

import numpy
import torch
from torch import nn

WARM_UP = 5
CHARACTERS, CONTEXT, WIDTH, HEADS, BLOCKS, BATCH = 96, 64, 128, 4, 2, 16


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.characters = nn.Embedding(CHARACTERS, WIDTH)
        self.places = nn.Embedding(CONTEXT, WIDTH)
        block = nn.TransformerEncoderLayer(
            WIDTH, HEADS, 4 * WIDTH, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.blocks = nn.TransformerEncoder(block, BLOCKS, enable_nested_tensor=False)
        self.output = nn.Linear(WIDTH, CHARACTERS)
        self.mask = nn.Transformer.generate_square_subsequent_mask(CONTEXT)

    def forward(self, characters):
        embedded = self.characters(characters) + self.places(torch.arange(CONTEXT))
        return self.output(self.blocks(embedded, mask=self.mask, is_causal=True)).flatten(0, 1)


def step_millis(network, inputs, targets, steps):
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()

    def step():
        loss = loss_of(network(inputs), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    for _ in range(WARM_UP):
        step().item()
    begun = time.perf_counter()
    for _ in range(steps):
        loss = step()
    loss.item()
    return (time.perf_counter() - begun) * 1e3 / steps


def product_millis(size, products):
    left, right = (numpy.random.rand(size, size).astype(numpy.float32) for _ in range(2))
    left @ right
    begun = time.perf_counter()
    for _ in range(products):
        left @ right
    return (time.perf_counter() - begun) * 1e3 / products


def median(measure):
    samples = sorted(measure() for _ in range(5))
    return samples[len(samples) // 2]


def main():
    mlp_steps, transformer_steps, size, products = map(int, sys.argv[1:5])
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count())
    perceptron = nn.Sequential(
        nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10)
    )
    rows, classes = torch.rand(128, 784), torch.arange(128) % 10
    text = torch.arange(BATCH * CONTEXT + 1) * 31 % CHARACTERS
    inputs, targets = text[:-1].reshape(BATCH, CONTEXT), text[1:]
    transformer = Transformer()
    result = {
        "version": torch.__version__,
        "numpy_version": numpy.__version__,
        "mlp_millis": median(lambda: step_millis(perceptron, rows, classes, mlp_steps)),
        "transformer_millis": median(lambda: step_millis(transformer, inputs, targets, transformer_steps)),
        "numpy_product_millis": median(lambda: product_millis(size, products)),
    }
    with open(sys.argv[5], "w") as file:
        json.dump(result, file)


main()
