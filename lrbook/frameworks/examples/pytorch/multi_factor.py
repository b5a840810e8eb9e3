from torch.optim.lr_scheduler import MultiStepLR


def scheduler(optimizer, milestones, factor, updates_per_epoch):
    steps = [round(epoch * updates_per_epoch) for epoch in milestones]
    return MultiStepLR(optimizer, steps, gamma=factor)
