"""Has EventBridge told of each alarm's change of state, as on AWS; MiniStack tells the alarm's actions alone."""

import json

from ministack.services import cloudwatch, eventbridge


def install():
    dispatch_actions = cloudwatch._dispatch_alarm_actions

    def dispatch(alarm, old_state, new_state, reason):
        dispatch_actions(alarm, old_state, new_state, reason)
        detail = {
            "alarmName": alarm["AlarmName"],
            "state": {"value": new_state, "reason": reason, "timestamp": cloudwatch._ts_iso(alarm["StateUpdatedTimestamp"])},
            "previousState": {"value": old_state},
        }
        event = {
            "Source": "aws.cloudwatch",
            "DetailType": "CloudWatch Alarm State Change",
            "Detail": json.dumps(detail),
            "Resources": [alarm["AlarmArn"]],
        }
        eventbridge._put_events({"Entries": [event]}, allow_aws_source=True)

    cloudwatch._dispatch_alarm_actions = dispatch
