// Made from src/private/shared/contract.ts by tools/contract.ts.
"use strict";
/**
 * Contract v1 between the executor and a runbook's handler: the request the handler receives, the result it returns.
 * Handlers of every kind speak it, the built-in ones included. It holds no CDK and no AWS SDK type, so that a handler in
 * any language can be written against it.
 */
Object.defineProperty(exports, "__esModule", { value: true });
exports.SEVERITIES = exports.VERDICT_CATEGORIES = exports.CONFIDENCES = exports.EVIDENCE_KINDS = exports.EVIDENCE_STATUSES = exports.RUN_STATUSES = exports.RUN_MODES = exports.MAX_SUMMARY_LENGTH = exports.MAX_RESULT_BYTES = exports.CONTRACT_VERSION = void 0;
/** The version of request and result described here. */
exports.CONTRACT_VERSION = '1';
/** The largest result a handler may return, in bytes of JSON. */
exports.MAX_RESULT_BYTES = 200 * 1024;
/** The longest summary, in characters: what fits on a phone's lock screen. */
exports.MAX_SUMMARY_LENGTH = 280;
exports.RUN_MODES = ['INVESTIGATE', 'SECOND_LOOK', 'DRILL', 'REPLAY'];
exports.RUN_STATUSES = ['SUCCEEDED', 'PARTIAL', 'FAILED', 'SKIPPED'];
exports.EVIDENCE_STATUSES = ['OK', 'NO_DATA', 'INCOMPLETE', 'NOT_CONFIGURED', 'ACCESS_DENIED', 'NOT_AVAILABLE', 'TIMED_OUT', 'ERROR'];
exports.EVIDENCE_KINDS = ['METRIC', 'LOG', 'CHANGE', 'CONFIG', 'TRACE', 'KEY'];
exports.CONFIDENCES = ['HIGH', 'MEDIUM', 'LOW'];
exports.VERDICT_CATEGORIES = [
    'DEPLOYMENT', 'CAPACITY', 'DEPENDENCY', 'CONFIGURATION', 'PERMISSION', 'TRAFFIC', 'CLIENT', 'CODE', 'DATA_LOSS', 'AWS',
    'RECOVERED', 'INCONCLUSIVE',
];
exports.SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
