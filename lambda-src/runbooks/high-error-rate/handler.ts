import { highErrorRate } from './definition';
import { builtInHandler } from '../framework/handler';

export const handler = builtInHandler(highErrorRate);
