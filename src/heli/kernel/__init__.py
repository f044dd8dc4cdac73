"""The kernel: problems, periods, exact quantities, public ids and declarations. No models; no Django outside `kernel.db`."""
