import optax


def schedule(base_lr, milestones, factor, updates_per_epoch):
    steps = {round(epoch * updates_per_epoch): factor for epoch in milestones}
    return optax.piecewise_constant_schedule(base_lr, steps)
