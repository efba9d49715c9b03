"""A Python team's app: a runbook handler of its own, implemented in Python, registered and bound while the app is synthesised."""

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from cdk_serverless_monitoring import (
    AlarmMatcher,
    IRunbookHandler,
    ITargetAccess,
    RunbookDocumentation,
    RunbookHandlerBinding,
    RunbookRegistration,
    ServerlessMonitoring,
)


@jsii.implements(ITargetAccess)
class InvokeAccess:
    """Lets the handler call the monitored functions."""

    def __init__(self, function):
        self.function = function

    def grant_target(self, target):
        if target.lambda_function:
            target.lambda_function.grant_invoke(self.function)


@jsii.implements(IRunbookHandler)
class HouseRunbook:
    """A handler with a function of its own."""

    def __init__(self):
        self.bound = []

    def bind(self, scope, *, runbook_name, timeout, **_):
        self.bound.append((runbook_name, timeout.to_seconds()))
        function = lambda_.Function(
            scope,
            "Function",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(request, _): ..."),
            timeout=timeout,
        )
        return RunbookHandlerBinding(handler_function=function, target_access=InvokeAccess(function))


app = cdk.App()
stack = cdk.Stack(app, "Python")
checkout = lambda_.Function(
    stack,
    "Checkout",
    runtime=lambda_.Runtime.PYTHON_3_13,
    handler="index.handler",
    code=lambda_.Code.from_inline("def handler(event, _): ..."),
)
house = HouseRunbook()
monitoring = ServerlessMonitoring(
    stack,
    "Monitoring",
    alert_emails=["oncall@example.com"],
    runbooks=[
        RunbookRegistration(
            name="house",
            handler=house,
            matches=[AlarmMatcher.name_pattern("payments-*")],
            documentation=RunbookDocumentation.url("https://wiki.example.com/house"),
            timeout=cdk.Duration.seconds(42),
        )
    ],
)
monitoring.monitor_function(checkout)
app.synth()

if house.bound != [("house", 42)]:
    raise AssertionError(f"the handler was bound {house.bound}, expected once, as 'house' with 42 s")
