"""Lets CloudFormation make alarms on metric math, which MiniStack refuses: a template with one would not deploy at all.

They are described as on AWS, and their state can be set; they are not evaluated.
"""

from ministack.services.cloudformation import provisioners


def install():
    record = provisioners._cw_metric_alarm_record

    def record_with_metrics(name, props):
        if not props.get("Metrics"):
            return record(name, props)
        single = {key: value for key, value in props.items() if key != "Metrics"}
        alarm = record(name, {**single, "Namespace": "-", "MetricName": "-"})
        for of_one_metric in ("Namespace", "MetricName", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"):
            del alarm[of_one_metric]
        return {**alarm, "Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = record_with_metrics
