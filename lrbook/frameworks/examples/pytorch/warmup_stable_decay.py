from torch.optim.lr_scheduler import LambdaLR


def scheduler(
    optimizer, base_lr, final_lr, warmup, stable, cooldown, updates_per_epoch
):
    def share(update):
        t = update / updates_per_epoch
        if t < warmup:
            return t / warmup
        left = 1 - min(max(t - warmup - stable, 0) / cooldown, 1)
        return (final_lr + (base_lr - final_lr) * left) / base_lr

    return LambdaLR(optimizer, share)
