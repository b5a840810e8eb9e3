from transformers import get_inverse_sqrt_schedule


def scheduler(optimizer, warmup, updates_per_epoch):
    return get_inverse_sqrt_schedule(
        optimizer, round(warmup * updates_per_epoch)
    )
