/** Shows the progress of a run: live in a terminal, plain lines elsewhere. */

import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { Progress, TrialStart, Waiting } from '../../experiment/progress.ts';
import { sumOf } from '../../record/common.ts';
import { counted } from '../../record/counted.ts';
import { loudWords } from '../../record/noise.ts';
import type { PromiseOutcome } from '../../record/search.ts';
import type { TrialRecord } from '../../record/trial.ts';
import { formatCount } from '../../reports/words/format.ts';
import { noAnswer } from '../../reports/words/latency.ts';
import { duration, micros } from './format.ts';

const title = (start: TrialStart): string => `${start.title}: ${formatCount(start.rate)}/s`;

const promiseWords: Readonly<Record<PromiseOutcome['outcome'], string>> = {
  kept: 'promise kept',
  broken: 'promise broken',
  'generator-limited': 'beyond the generator',
  invalid: 'says nothing',
};

const promised = ({ outcome, why }: PromiseOutcome): string =>
  `${promiseWords[outcome]}${why.length > 0 ? `: ${why.join('; ')}` : ''}`;

/** What a trial came to. */
function outcome(record: TrialRecord): string {
  const answered = `${formatCount(record.achievedRate)}/s answered`;
  if (record.promise) return `${promised(record.promise)}; ${answered}`;
  if (record.status === 'invalid')
    return `INVALID: ${record.reasons.map(({ message }) => message).join('; ')}`;
  const wrong = Object.values(record.operations).reduce((sum, { violations }) => sum + sumOf(violations), 0);
  return [
    `valid, ${counted(record.requests.generator, 'request')}, ${answered}`,
    ...(wrong > 0 ? [`${wrong} VIOLATIONS`] : []),
    ...record.warnings.map(({ message }) => message),
  ].join('; ');
}

const waitWords = ({ loud, mostSeconds }: Waiting): string =>
  `Waiting for a quiet machine, at most ${duration(mostSeconds)}: ${loudWords(loud) || 'other programs are loud'}`;

/** Trials that are being measured: more than one where sides are driven at the same time. Each ends under its own name. */
class Running<Each extends TrialStart> {
  readonly #starts = new Map<number, Each>();

  begin(start: Each): void {
    this.#starts.set(start.number, start);
  }

  end({ number }: Pick<TrialRecord, 'number'>): Each | undefined {
    const start = this.#starts.get(number);
    this.#starts.delete(number);
    return start;
  }

  /** The one that tells the seconds of all. */
  get first(): Each | undefined {
    return this.#starts.values().next().value;
  }

  get titles(): string {
    return [...this.#starts.values()].map(title).join('\n');
  }
}

/** One line for each step; nothing moves. */
export function plainProgress(stream: NodeJS.WritableStream): Progress {
  const line = (text: string): void => void stream.write(`${text}\n`);
  const running = new Running();
  return {
    say: line,
    doing: (activity) => line(`${activity} …`),
    waiting(wait) {
      if (wait.waitedSeconds === 0) line(`${waitWords(wait)} …`);
    },
    trialStarted: (start) => running.begin(start),
    second() {},
    trialEnded(record) {
      const start = running.end(record);
      if (start)
        line(`${title(start)}: ${outcome(record)}; ${duration(start.secondsLeft)} left at its start`);
    },
    close() {},
  };
}

const BAR_WIDTH = 20;

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}

/** A last line that follows what runs now; finished steps stay above it. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  const update = createLogUpdate(stream, { showCursor: true });
  const running = new Running<TrialStart & { readonly began: number }>();
  const stay = (text: string): void => {
    update.clear();
    stream.write(`${text}\n`);
  };
  return {
    say: stay,
    doing: (activity) => update(styleText('dim', `${activity} …`)),
    waiting(wait) {
      const { waitedSeconds, secondsLeft } = wait;
      const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
      update(styleText('dim', `${waitWords(wait)} … ${duration(waitedSeconds)}${left}`));
    },
    trialStarted(start) {
      running.begin({ ...start, began: performance.now() });
      update(`${running.titles} … seeding`);
    },
    second(event) {
      const { first } = running;
      if (!first) return;
      const left = first.secondsLeft - (performance.now() - first.began) / 1000;
      const doing =
        event.phase === 'measure'
          ? `p99 so far ${event.p99Micros === null ? noAnswer : micros(event.p99Micros)}`
          : event.phase;
      const done = bar((first.number - 1) / first.trials);
      update(
        `${running.titles}\n${done}  ${formatCount(event.requests)}/s  ${doing}  ${duration(left)} left`,
      );
    },
    trialEnded(record) {
      const good = record.promise ? record.promise.outcome === 'kept' : record.status === 'valid';
      const mark = good ? styleText('green', '✔') : styleText('red', '✖');
      const start = running.end(record);
      if (start) stay(`${mark} ${title(start)}: ${outcome(record)}`);
    },
    close: () => update.clear(),
  };
}
