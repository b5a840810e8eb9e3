"""What recorded runs say: arms, means, deaths and what the seeds tell apart. No MXNet."""
