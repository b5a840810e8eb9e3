from torch.optim.lr_scheduler import LambdaLR


def scheduler(optimizer, rates):
    """Step it after each update; give the optimizer lr=1, which it multiplies.

    A lambda, and Python's own floats: what a checkpoint then holds is the
    count alone, which torch.load takes in its safe mode.
    """
    table = rates.tolist()
    return LambdaLR(optimizer, lambda update: table[update])
