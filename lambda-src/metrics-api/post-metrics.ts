import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, json } from './answer';
import type { Backend } from './backend';
import { MAX_DOCUMENTS, MAX_KEY_LENGTH, MAX_REJECTIONS } from './limits';
import { badParameter, overLimit, Problem } from './problem';
import { callerOf, header, jsonBody, rawBody } from './request';
import { Intake } from '../shared/intake';
import { randomSource, requestSource } from '../shared/items';
import { claimRequest } from '../shared/ledger';
import { storeRequest } from '../shared/store-writer';
import type { PartHead } from '../timeseries/pack';

/** A value or document that was not stored, by its place in the request. */
interface Rejection {
  readonly index: number;
  readonly path?: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Stores one document, or an array of them.
 *
 * The answer is a function of the body and of the time of receipt alone. So a repetition under the same `Idempotency-Key`,
 * which takes over the first one's time, finishes what was left undone and answers the same, without any answer being kept.
 */
export async function postMetrics(event: APIGatewayProxyEvent, backend: Backend): Promise<Answer> {
  const body = jsonBody(event);
  const documents = Array.isArray(body) ? body : [body];
  if (documents.length === 0) throw new Problem(400, 'The array is empty; expected at least one document.');
  if (documents.length > MAX_DOCUMENTS) {
    throw overLimit('body', MAX_DOCUMENTS, `The array has ${documents.length} documents; at most ${MAX_DOCUMENTS} are taken at once.`);
  }
  const { source, receivedAt, repeatable } = await identify(event, backend);
  const { sampleRetentionDays } = backend.store;
  const intake = new Intake({ eventTime: receivedAt, sampleRetentionDays, timestampOptional: true, mostProblems: MAX_REJECTIONS });
  let accepted = 0;
  let notListed = 0;
  const rejected: Rejection[] = [];
  documents.forEach((document, index) => {
    const outcome = intake.add(document);
    const listed = outcome.problems.slice(0, MAX_REJECTIONS - rejected.length);
    accepted += outcome.accepted;
    notListed += outcome.problems.length - listed.length + outcome.untold;
    for (const problem of listed) rejected.push({ index, ...problem });
  });
  const parts = intake.finish();
  if (accepted > 0) {
    await storeRequest(backend.store, source, parts);
    await publish(backend, parts, repeatable);
  }
  return answerTo(accepted, rejected, notListed);
}

async function publish({ publish: publishParts, log }: Backend, parts: readonly PartHead[], repeatable: boolean): Promise<void> {
  try {
    await publishParts(parts);
  } catch (error) {
    // A repetition under the same key publishes again; without a key it would store everything twice.
    if (repeatable) throw error;
    log.error('service alarm values not published', { error });
  }
}

interface Identity {
  /** What the request's parts are stored under. */
  readonly source: string;
  /** The time that its samples are judged by. */
  readonly receivedAt: number;
  /** Whether the request can be sent again without storing anything twice. */
  readonly repeatable: boolean;
}

async function identify(event: APIGatewayProxyEvent, { store, now }: Backend): Promise<Identity> {
  const receivedAt = now();
  const key = header(event, 'idempotency-key');
  if (key === undefined) return { source: randomSource(), receivedAt, repeatable: false };
  if (key.trim() === '' || key.length > MAX_KEY_LENGTH) throw badParameter('Idempotency-Key', key, `1 to ${MAX_KEY_LENGTH} characters`);
  const source = requestSource(callerOf(event), key);
  const claim = await claimRequest(store, { source, bodyHash: createHash('sha256').update(rawBody(event)).digest('hex'), receivedAt });
  if (claim) return { source, receivedAt: claim.receivedAt, repeatable: true };
  throw new Problem(422, 'This Idempotency-Key came with another body before; a key stands for one body.', { parameter: 'Idempotency-Key' });
}

function answerTo(accepted: number, rejected: readonly Rejection[], notListed: number): Answer {
  const body = { accepted, rejected, rejectedNotListed: notListed > 0 ? notListed : undefined };
  if (rejected.length === 0) return json(201, body);
  if (accepted > 0) return json(207, body);
  return new Problem(400, 'Nothing was stored: every document or value was rejected, each for the reason given.', { members: body }).answer();
}
