from keras.optimizers import schedules


def schedule(base_lr, milestones, factor, updates_per_epoch):
    # Keras keeps a value up to its boundary and on it.
    last = [round(epoch * updates_per_epoch) - 1 for epoch in milestones]
    values = [base_lr * factor**drops for drops in range(len(last) + 1)]
    return schedules.PiecewiseConstantDecay(last, values)
