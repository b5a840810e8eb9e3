def scheduler(base_lr, updates_per_epoch):
    def lr(num_update):  # 1 for the first update, 0 before it
        t = max(num_update - 1, 0) / updates_per_epoch
        return base_lr * (1 + t) ** -0.5

    return lr
