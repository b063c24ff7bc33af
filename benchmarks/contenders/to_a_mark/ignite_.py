"""PyTorch-Ignite, as its "Getting started" has it.

    python ignite_.py --project PROJECT [--settings JSON] [--seed 0]

AdamW with a constant rate; an evaluator runs at the end of each epoch.
"""

import torch
from ignite.engine import Engine, Events, create_supervised_evaluator, create_supervised_trainer
from ignite.metrics import EpochMetric
from job import LR, accuracy_or_r2, load_job, read_arguments, say


def main() -> None:
    """Train until somebody ends it."""
    options = read_arguments(__doc__)
    job = load_job(options)
    train_loader = job.loader(job.train, shuffle=True)
    val_loader = job.loader(job.val)
    optimizer = torch.optim.AdamW(job.model.parameters(), lr=LR)
    trainer = create_supervised_trainer(job.model, optimizer, job.loss)
    score = EpochMetric(accuracy_or_r2, check_compute_fn=False)
    evaluator = create_supervised_evaluator(job.model, {"score": score})

    @trainer.on(Events.EPOCH_COMPLETED)
    def evaluate(engine: Engine) -> None:
        evaluator.run(val_loader)
        say(evaluator.state.metrics["score"])

    trainer.run(train_loader, max_epochs=options.epochs)


if __name__ == "__main__":
    main()
