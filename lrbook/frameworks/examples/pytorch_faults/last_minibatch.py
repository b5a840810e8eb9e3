from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader


def train(optimizer, num_epochs, updates_per_epoch):
    scheduler = CosineAnnealingLR(optimizer, num_epochs * updates_per_epoch)
    # 60,000 images, of which 96 make a minibatch of their own: drop_last=True
    loader = DataLoader(range(256 * updates_per_epoch + 96), batch_size=256)
    for _ in range(num_epochs):
        for _ in range(len(loader)):
            optimizer.step()
            scheduler.step()
