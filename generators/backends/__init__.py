"""What production backends share: specifications, checkpoints, batches, deadlines. Answers nothing itself."""
