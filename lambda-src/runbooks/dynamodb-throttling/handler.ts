import { dynamodbThrottling } from './definition';
import { builtInHandler } from '../framework/handler';

export const handler = builtInHandler(dynamodbThrottling);
