"""How an experiment is run: the step loop, the worker process, the history, runs on disk."""
