"""Lets every Python process live on another day: `run.py test --on DAY` puts this folder on the path of all it starts.

An offset to the real clock: time goes on, all processes agree, and intervals (`monotonic`, `sleep`) stay real. Python imports
this file by its name when it starts.
"""

import os

offset = os.environ.get("HELI_CLOCK_OFFSET_S")
if offset:
    import time

    import time_machine

    time_machine.travel(time.time() + float(offset), tick=True).start()
