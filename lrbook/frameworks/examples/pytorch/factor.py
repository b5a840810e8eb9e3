from torch.optim.lr_scheduler import LambdaLR


def scheduler(optimizer, base_lr, factor, final_lr, updates_per_epoch):
    def share(update):
        return max(factor ** (update / updates_per_epoch), final_lr / base_lr)

    return LambdaLR(optimizer, share)
