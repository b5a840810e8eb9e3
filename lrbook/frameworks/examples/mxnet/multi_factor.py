from mxnet.lr_scheduler import MultiFactorScheduler


def scheduler(base_lr, milestones, factor, updates_per_epoch):
    # It drops one update after a step, and counts from 1: at the milestone.
    steps = [round(epoch * updates_per_epoch) for epoch in milestones]
    return MultiFactorScheduler(steps, factor, base_lr=base_lr)
