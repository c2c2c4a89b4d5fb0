import { z } from 'zod';

export const operationNames = ['login', 'read', 'write', 'logout', 'probe'] as const;
export const operationName = z.enum(operationNames);
export type OperationName = z.infer<typeof operationName>;

export const tiers = ['generator', 'balancer', 'app', 'store'] as const;
export const tier = z.enum(tiers);
export type Tier = z.infer<typeof tier>;

/** Tiers that serve a request, in the order that a request meets them. */
export const servingTiers = ['balancer', 'app', 'store'] as const satisfies readonly Tier[];

const count = z.int().min(0);

/** Responses that are wrong, not slow. */
export const violations = z.strictObject({ lost: count, stale: count, resurrected: count, crossed: count });
export type Violations = z.infer<typeof violations>;
export const noViolations: Violations = { lost: 0, stale: 0, resurrected: 0, crossed: 0 };

/** Operations without a right or wrong answer. */
export const errors = z.strictObject({
  /** No complete response within the time-out. */
  timeout: count,
  /** Refused, reset or closed before the response was complete. */
  connection: count,
  /** Status 500 to 599. */
  server: count,
  /** A response that breaks HTTP/1.1, or a status or body that the operation cannot have. */
  protocol: count,
});
export type Errors = z.infer<typeof errors>;
export const noErrors: Errors = { timeout: 0, connection: 0, server: 0, protocol: 0 };

/** What an answer can be held against: classes of wrong answers, then of requests that got none that can be used. */
export const answerClasses = [...violations.keyof().options, ...errors.keyof().options] as const;
export type AnswerClass = (typeof answerClasses)[number];

/** Classes of one kind taken together: many of them may be few of each. */
export const classesTogether = ['wrong', 'unanswered'] as const;
/** What a gate compares: each class, and those of a kind together. */
export const comparedClasses = [...answerClasses, ...classesTogether] as const;
export type ComparedClassName = (typeof comparedClasses)[number];

export const isTogether = (name: ComparedClassName): name is (typeof classesTogether)[number] =>
  name === 'wrong' || name === 'unanswered';
export const isWrongAnswer = (name: ComparedClassName): boolean =>
  isTogether(name) ? name === 'wrong' : isViolation(name);
export const isViolation = (name: AnswerClass): name is keyof Violations => name in violations.shape;

/** Sum of counts by name; 0 where none are known. */
export const sumOf = (counts: Readonly<Record<string, number>> | null): number =>
  Object.values(counts ?? {}).reduce((sum, each) => sum + each, 0);

export const sumViolations = (all: readonly Violations[]): Violations => ({
  lost: totalOf(all, ({ lost }) => lost),
  stale: totalOf(all, ({ stale }) => stale),
  resurrected: totalOf(all, ({ resurrected }) => resurrected),
  crossed: totalOf(all, ({ crossed }) => crossed),
});

export const sumErrors = (all: readonly Errors[]): Errors => ({
  timeout: totalOf(all, ({ timeout }) => timeout),
  connection: totalOf(all, ({ connection }) => connection),
  server: totalOf(all, ({ server }) => server),
  protocol: totalOf(all, ({ protocol }) => protocol),
});

const totalOf = <Item>(items: readonly Item[], count: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0);

/** Read from a server that is running, never from a file. */
export const serverVersion = z.strictObject({
  /** `Redis`, `MariaDB`, `HAProxy`, `Node.js`: as the server calls itself. */
  product: z.string(),
  version: z.string(),
  /** How many processes of it the strategy runs. */
  nodes: z.int().min(1),
  /** Path of the binary, or image and digest. */
  origin: z.string(),
});
export type ServerVersion = Readonly<z.infer<typeof serverVersion>>;
