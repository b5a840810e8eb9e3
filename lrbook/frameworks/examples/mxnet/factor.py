def scheduler(base_lr, factor, final_lr, updates_per_epoch):
    def lr(num_update):  # 1 for the first update, 0 before it
        t = max(num_update - 1, 0) / updates_per_epoch
        return max(base_lr * factor**t, final_lr)

    return lr
