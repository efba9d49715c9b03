import { type APIGatewayClient, GetDeploymentCommand, GetResourcesCommand, GetStageCommand } from '@aws-sdk/client-api-gateway';
import { type Calls, ok } from './calls';
import type { Port } from '../port';

export function apiCalls(calls: Calls, client: APIGatewayClient): Pick<Port, 'api'> {
  return {
    api: ({ apiId: restApiId, stage: stageName }) => calls.look('apigateway:GET', async (options) => {
      if (!restApiId) return { status: 'NOT_AVAILABLE', reason: "the API's id is not known; register it with the monitoring construct" };
      const stage = await calls.count(client.send(new GetStageCommand({ restApiId, stageName }), options));
      const deployment = stage.deploymentId
        ? await calls.count(client.send(new GetDeploymentCommand({ restApiId, deploymentId: stage.deploymentId }), options)) : undefined;
      const { items = [] } = await calls.count(client.send(new GetResourcesCommand({ restApiId, embed: ['methods'], limit: 500 }), options));
      const timeouts = items.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods)
        .flatMap(({ methodIntegration }) => methodIntegration?.timeoutInMillis ?? []));
      return ok({
        apiId: restApiId,
        protocol: 'REST',
        ...(stage.accessLogSettings?.destinationArn && { accessLogGroup: stage.accessLogSettings.destinationArn.split(':log-group:')[1]?.replace(/:\*$/, '') }),
        ...(timeouts.length > 0 && { integrationTimeout: Math.max(...timeouts) }),
        ...(deployment?.createdDate && { deployedAt: deployment.createdDate.getTime() }),
      });
    }),
  };
}
