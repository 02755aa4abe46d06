"""News of the kernel for the layers above."""

from django.dispatch import Signal

# Sender: the command `run_worker`. Argument: now. Sent when a worker starts, before it delivers anything, and then
# about once a minute: for whoever has to look now and then whether something was missed.
worker_round = Signal()
