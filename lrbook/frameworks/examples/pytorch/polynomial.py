from torch.optim.lr_scheduler import LambdaLR


def scheduler(optimizer, base_lr, final_lr, horizon, power, updates_per_epoch):
    def share(update):
        left = max(1 - update / (horizon * updates_per_epoch), 0) ** power
        return (final_lr + (base_lr - final_lr) * left) / base_lr

    return LambdaLR(optimizer, share)
