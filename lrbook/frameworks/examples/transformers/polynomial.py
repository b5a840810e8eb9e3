from transformers import get_polynomial_decay_schedule_with_warmup


def scheduler(optimizer, final_lr, horizon, power, updates_per_epoch):
    updates = round(horizon * updates_per_epoch)
    return get_polynomial_decay_schedule_with_warmup(
        optimizer, 0, updates, lr_end=final_lr, power=power
    )
