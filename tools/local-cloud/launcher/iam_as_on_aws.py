"""Where MiniStack judges a call by another action or resource than AWS does, judge it as AWS does.

The end-to-end tests prove that each role suffices. They prove it for AWS only if the judge asks for what AWS asks for.
"""

import json

from ministack.core import iam_actions

# Operations of Lambda's API whose action has another name.
_LAMBDA_ACTIONS = {"Invoke": "InvokeFunction", "InvokeAsync": "InvokeFunction", "InvokeWithResponseStream": "InvokeFunction"}

# SQS has no actions for batches: who may do it to one message may do it to ten.
_SQS_ACTIONS = {f"sqs:{action}Batch": f"sqs:{action}" for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")}


def install():
    # MiniStack names Lambda's actions by hand, and several reads wrongly (GetFunctionConcurrency as Put...). AWS's own model
    # of the service, which it uses for others, names all of them.
    iam_actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]

    def lambda_action(method, path):
        operation = iam_actions._match_rest_action("lambda", method, path)
        return _LAMBDA_ACTIONS.get(operation, operation)

    iam_actions._lambda_action = lambda_action

    iam_action = iam_actions.extract_iam_action

    def judged_action(*request):
        action = iam_action(*request)
        return _SQS_ACTIONS.get(action, action)

    iam_actions.extract_iam_action = judged_action

    resource_arn = iam_actions.extract_resource_arn

    def judged_resource(service, method, path, headers, body, params, region, account):
        if service == "ssm" and iam_actions._action_from_target(headers) == "GetParametersByPath":
            asked = json.loads(body or b"{}").get("Path", "/").strip("/")
            return f"arn:aws:ssm:{region}:{account}:parameter/{asked}"
        if service == "monitoring" and (tagged := iam_actions._param(body, params, "ResourceARN")):
            return tagged
        return resource_arn(service, method, path, headers, body, params, region, account)

    iam_actions.extract_resource_arn = judged_resource

    tag_context = iam_actions.request_tag_context

    # The condition key that narrows PutMetricData to a namespace: without it no role that is narrow enough may publish.
    def condition_keys(service, action, body, params):
        keys = tag_context(service, action, body, params)
        if action == "cloudwatch:PutMetricData":
            return {**keys, "cloudwatch:namespace": iam_actions._param(body, params, "Namespace")}
        return keys

    iam_actions.request_tag_context = condition_keys
