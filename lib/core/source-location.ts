import { findSourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { Node } from 'constructs';

/** Frames that are looked at: a frame costs a microsecond, and our own stacks stand 15 calls above their resources at most. */
const COMMON_FRAMES = 16;
/** Looked at where those are not enough. */
const MOST_FRAMES = 100;
/** This library, whose own frames say nothing to those who use it. */
const LIBRARY = resolve(dirname(__filename), '..');
const MARK = Symbol.for('cdktf-ml-platform/SourceLocations');

/**
 * Makes cdktf write the line of the user's own code that made a resource into the resource's metadata, for guardrails and reviews
 * to point at. cdktf 0.21 asks its `constructs` for stack traces that these no longer take; here one frame is kept, where cdktf
 * would keep all and spend more time on them than on the resource.
 */
export function recordSourceLocations(): void {
  const prototype = Node.prototype as Node & { [MARK]?: true };
  if (prototype[MARK]) return;
  Object.defineProperty(prototype, MARK, { value: true });
  const original = prototype.addMetadata;
  prototype.addMetadata = function (this: Node, type, data, options) {
    const place = type === 'stacktrace' && data === 'trace' ? placeOfUser() : undefined;
    original.call(this, type, data, place === undefined ? options : { ...options, stackTraceOverride: [place] });
  };
}

/** "stacks/foundation-stack.ts:31:5" of the nearest caller outside of libraries; undefined where all are inside. */
function placeOfUser(): string | undefined {
  const frame = frameOfUser(COMMON_FRAMES) ?? frameOfUser(MOST_FRAMES);
  return frame && describe(frame);
}

function frameOfUser(most: number): NodeJS.CallSite | undefined {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let found: NodeJS.CallSite | undefined;
  Error.stackTraceLimit = most;
  // Nothing is formatted, which is what makes stack traces slow.
  Error.prepareStackTrace = (_, frames) => {
    found = frames.find(isOfUser);
    return '';
  };
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, placeOfUser);
  // Reading it is what makes V8 call prepareStackTrace.
  void holder.stack;
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return found;
}

/** Whether a file is the user's: asked for every frame. */
const OWN = new Map<string, boolean>();

function isOfUser(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName();
  if (!file) return false;
  let own = OWN.get(file);
  if (own === undefined) {
    const path = file.replace(/^file:\/\//, '');
    own = !/^node:|[\\/]node_modules[\\/]/.test(path) && !path.startsWith(LIBRARY);
    OWN.set(file, own);
  }
  return own;
}

/** Few lines make many resources. */
const DESCRIBED = new Map<string, string>();

function describe(frame: NodeJS.CallSite): string {
  const [file, line, column] = [frame.getFileName() ?? '', frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1];
  const key = `${file}:${line}:${column}`;
  const known = DESCRIBED.get(key);
  if (known) return known;
  const [source, sourceLine, sourceColumn] = inSource(frame, file, line, column);
  const path = relative(process.cwd(), source.replace(/^file:\/\//, '')).replaceAll('\\', '/');
  const described = `${path}:${sourceLine}:${sourceColumn}`;
  DESCRIBED.set(key, described);
  return described;
}

/** The place in TypeScript of a place in JavaScript: Node knows it for tsx, and whatever formats stack traces for ts-node and jest. */
function inSource(frame: NodeJS.CallSite, file: string, line: number, column: number): [string, number, number] {
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry && 'originalSource' in entry) {
    const source = entry.originalSource.replace(/^file:\/\//, '');
    return [resolve(dirname(file), source), entry.originalLine + 1, entry.originalColumn + 1];
  }
  const formatted = /\(?([^()\s]+):(\d+):(\d+)\)?$/.exec(String(Error.prepareStackTrace?.(new Error('place'), [frame]) ?? ''));
  return formatted ? [formatted[1] ?? file, Number(formatted[2]), Number(formatted[3])] : [file, line, column];
}
