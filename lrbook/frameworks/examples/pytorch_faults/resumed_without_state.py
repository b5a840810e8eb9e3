from torch.optim.lr_scheduler import CosineAnnealingLR


def train(optimizer, num_epochs, updates_per_epoch):
    horizon = num_epochs * updates_per_epoch
    scheduler = CosineAnnealingLR(optimizer, horizon)
    for update in range(horizon):
        if update == horizon // 2:  # stopped, and gone on with:
            optimizer.load_state_dict(optimizer.state_dict())
            scheduler = CosineAnnealingLR(optimizer, horizon)  # at 0 again
        optimizer.step()
        scheduler.step()
