from transformers import get_cosine_with_min_lr_schedule_with_warmup


def scheduler(optimizer, final_lr, horizon, warmup, updates_per_epoch):
    first = round(warmup * updates_per_epoch)
    # These count the warmup too. End the training there: it rises again.
    updates = first + round(horizon * updates_per_epoch)
    return get_cosine_with_min_lr_schedule_with_warmup(
        optimizer, first, updates, min_lr=final_lr
    )
