from torch.optim.lr_scheduler import CosineAnnealingWarmRestarts


def scheduler(optimizer, final_lr, period, multiplier, updates_per_epoch):
    first = round(period * updates_per_epoch)
    return CosineAnnealingWarmRestarts(
        optimizer, first, T_mult=int(multiplier), eta_min=final_lr
    )
