from torch.optim.lr_scheduler import CosineAnnealingLR


def train(optimizer, num_epochs, updates_per_epoch):
    scheduler = CosineAnnealingLR(optimizer, num_epochs * updates_per_epoch)
    for _ in range(num_epochs):
        for _ in range(updates_per_epoch):
            optimizer.step()
            scheduler.step()
