import { highLatency } from './definition';
import { builtInHandler } from '../framework/handler';

export const handler = builtInHandler(highLatency);
