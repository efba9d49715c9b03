"""Keeps the e-mails that SNS sends: MiniStack has no mail server and only logs that there was one.

Each becomes one line of JSON ({to, topic, subject, text}) in a file, as the subscriber would have received it.
"""

import json
import threading

from ministack.services import sns

_write = threading.Lock()


def install(file):
    matches_filter = sns._matches_filter_policy
    build_envelope = sns._build_envelope
    delivery = threading.local()

    # For every subscription a delivery first asks the filter, then builds the message's envelope.
    def ask_filter(subscription, attributes, message=""):
        delivery.subscription = subscription
        return matches_filter(subscription, attributes, message)

    def keep_mail(topic_arn, message_id, message, subject, attributes, raw):
        subscription = getattr(delivery, "subscription", {})
        if subscription.get("protocol") == "email":
            mail = {"to": subscription["endpoint"], "topic": topic_arn, "subject": subject, "text": message}
            with _write, open(file, "a", encoding="utf-8") as mailbox:
                mailbox.write(json.dumps(mail) + "\n")
        return build_envelope(topic_arn, message_id, message, subject, attributes, raw)

    sns._matches_filter_policy = ask_filter
    sns._build_envelope = keep_mail
