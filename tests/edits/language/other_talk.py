"""The small talk in another language, and a line of one's own after an epoch."""

FILE = "data.py"
REPLACE = [
    ('LANGUAGE = "english"', 'LANGUAGE = "korean"'),
    (
        "        after_epoch=partial(line_after_epoch, info=info),\n",
        "        after_epoch=lambda model: line_after_epoch(model, info) + ' ...',\n",
    ),
]
