from torch.optim.lr_scheduler import CosineAnnealingLR


def scheduler(optimizer, final_lr, horizon, updates_per_epoch):
    # End the training there: past its horizon it rises again.
    updates = round(horizon * updates_per_epoch)
    return CosineAnnealingLR(optimizer, updates, eta_min=final_lr)
