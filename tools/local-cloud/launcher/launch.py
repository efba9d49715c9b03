"""Runs MiniStack, with what it lacks for us, for as long as standard input stays open.

The other end of standard input is held by the process that started us. However that one ends, SIGKILL included, the pipe
closes and we end with the functions we started: nobody has to hunt for what a crashed test left behind.
"""

import os
import shutil
import signal
import sys
import threading

import alarm_events
import iam_as_on_aws
import json_log_format
import mailbox
import metric_math_alarms


def end_with_parent():
    sys.stdin.buffer.read()
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if sys.argv.pop() == "--end-with-parent":
    threading.Thread(target=end_with_parent, daemon=True).start()

iam_as_on_aws.install()
alarm_events.install()
json_log_format.install()
metric_math_alarms.install()
mailbox.install(os.environ["LOCAL_CLOUD_MAILBOX"])

from ministack.app import main  # noqa: E402

try:
    main()
finally:
    # Ended by a signal that it heeds; for the others, who started us removes the data.
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
