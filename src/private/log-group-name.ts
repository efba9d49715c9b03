import { CfnFunction, IFunction } from 'aws-cdk-lib/aws-lambda';

/**
 * Name of the log group a function writes to.
 *
 * Not through `fn.logGroup`: reading that makes a custom resource where the function was given no log group.
 */
export function logGroupNameOf(fn: IFunction): string {
  const resource = fn.node.defaultChild;
  if (CfnFunction.isCfnResource(resource) && resource.cfnResourceType === CfnFunction.CFN_RESOURCE_TYPE_NAME) {
    const logging = (resource as CfnFunction).loggingConfig as CfnFunction.LoggingConfigProperty | undefined;
    if (logging?.logGroup) {
      return logging.logGroup;
    }
  }
  return `/aws/lambda/${fn.functionName}`;
}
