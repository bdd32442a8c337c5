"""How the taught twins were taught: templates, probes, and the training that makes the files of `../taught`.

`grammar` fills templates, `examples` makes the data of each task, `tasks` turns them into tensors and scores models,
`train` trains one checkpoint and measures it. Nothing that builds or loads checkpoints imports this room.
"""
