from torch.optim.lr_scheduler import LambdaLR


def scheduler(optimizer, updates_per_epoch):
    return LambdaLR(
        optimizer, lambda update: (1 + update / updates_per_epoch) ** -0.5
    )
