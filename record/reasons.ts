/**
 * The catalogue of everything that a record or a report may hold against a number: why a trial is invalid, what went
 * wrong in a run, what a reader should know. A code that is not here does not compile; docs/findings.md is made of it.
 */
import { z } from 'zod';

/** `alarm`: do not use the numbers; `warning`: something was not measured as planned; `note`: read this first. */
export const severities = ['alarm', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

interface Entry {
  /** As a finding about a whole run; a reason of one trial carries none. */
  readonly severity: Severity;
  /** One sentence. */
  readonly means: string;
  /** What to do next, in general; a reason's own remedy may be more exact. */
  readonly todo: string;
}

const sameHost = 'Measure both on one machine.';
const sameOption = (option: string): string => `Measure both with the same ${option}.`;

/** Two stored runs that differ in it are not compared. */
const mustAgree = (what: string, todo: string) =>
  ({
    severity: 'alarm',
    means: `The runs differ in their ${what}, so that their ratio means nothing.`,
    todo,
  }) as const;
/** A difference that may be without effect, or be the very thing in question. */
const mayDiffer = (what: string, todo: string) =>
  ({
    severity: 'warning',
    means: `The runs differ in their ${what}; what is seen may come from it.`,
    todo,
  }) as const;

const fewerSessions =
  "Give fewer --sessions or a smaller --payload, or raise memoryMiB in the strategy's topology.ts.";

export const catalogue = {
  // Of a trial: what makes it invalid.
  'generator-failed': {
    severity: 'warning',
    means: 'k6 ended without a complete result.',
    todo: "Read logs/k6.log in the trial's folder.",
  },
  'not-ready': {
    severity: 'warning',
    means:
      'A step before the load failed: the servers did not answer again, or the store could not be emptied.',
    todo: 'The message names the step and who failed it.',
  },
  'logins-failed': {
    severity: 'alarm',
    means: 'The strategy did not let its population log in, so that nothing could be measured.',
    todo: "Read the logs of the app and of the strategy's servers in the trial's logs/ folder.",
  },
  'generator-dropped': {
    severity: 'warning',
    means: 'Arrivals that were due never became a request.',
    todo: 'Give a lower --rate.',
  },
  'generator-cpu': {
    severity: 'warning',
    means: 'The generator used more than its share of its cores, so that its pacing cannot be relied on.',
    todo: 'Give a lower --rate, or use a machine with more cores.',
  },
  'generator-late': {
    severity: 'warning',
    means: 'The generator sent operations late for reasons of its own.',
    todo: 'Give a lower --rate, or keep other work off this machine while measuring.',
  },
  'host-steal': {
    severity: 'warning',
    means: 'The hypervisor gave processor time of this machine to others.',
    todo: 'Measure when the host is calmer, or on a machine of your own.',
  },
  'host-busy': {
    severity: 'warning',
    means: 'Other programs of this machine used its processors.',
    todo: 'Keep other work off this machine while measuring.',
  },
  'machine-stood-still': {
    severity: 'warning',
    means:
      'Both sides of a pair stood still at the same time, for half of the time that a store may take or longer, and something outside of them did it: their generators stood still too, or others had the machine. It says nothing of the code.',
    todo: 'Keep other work off this machine while measuring, and let it sleep afterwards.',
  },
  'sides-stood-still': {
    severity: 'note',
    means:
      'Both sides of a pair stood still at the same time, and nothing is known that did it to both: a disk that they share, or one of them. The pair counts; requests that failed in one such pair alone are no regression yet.',
    todo: 'See what the disk and the memory of the machine did, then measure again: what comes again is the code.',
  },
  'server-died': {
    severity: 'warning',
    means: 'A server ended that was not meant to.',
    todo: "Read the server's log in the trial's logs/ folder.",
  },
  'server-killed': {
    severity: 'warning',
    means:
      'A server was ended by a signal that programs do not send themselves (SIGKILL, SIGTERM and their like): by a person, another program, or a kernel that is out of memory. Whose doing it was is not known.',
    todo: 'Find out who sent it (dmesg tells what the kernel killed for memory), then measure again.',
  },
  'counts-unknown': {
    severity: 'note',
    means: 'The balancer or an app did not tell its own count of requests.',
    todo: "See the trial's logs for why a counter could not be read.",
  },
  'memory-unknown': {
    severity: 'note',
    means: 'The memory of some servers could not be read.',
    todo: 'npm run doctor says what this machine lacks for it.',
  },
  'counts-differ': {
    severity: 'warning',
    means:
      'The generator, the balancer and the apps counted different numbers of requests, and no request that failed on its way explains it.',
    todo: 'Something else spoke to the servers, or answers were lost; look for other clients and at the logs.',
  },
  'balancer-answered': {
    severity: 'note',
    means:
      'The balancer answered requests itself with an error: it held every app for down, or an app gave no answer. They count as errors of the strategy.',
    todo: "See the logs of the apps and of the strategy's servers for what was down.",
  },
  overloaded: {
    severity: 'warning',
    means:
      'Operations queued for a free connection to the end of the trial: more was offered than was answered, so that latencies are those of a growing queue. What is slow, or fails, without a queue is no overload.',
    todo: 'Give a lower --rate to compare latencies.',
  },
  'connections-busy': {
    severity: 'note',
    means: 'Operations waited because all connections of the generator were busy.',
    todo: 'Give a lower --rate to compare latencies.',
  },
  'other-side-invalid': {
    severity: 'warning',
    means:
      'The other side of the pair, which was driven at the same time, gave no valid trial: what this side met is half of a comparison.',
    todo: "See the other side's reasons.",
  },
  'sessions-expired': {
    severity: 'warning',
    means:
      'Logging in and measuring took longer than an idle session lives, so that sessions ended by themselves.',
    todo: 'Give fewer --sessions, a smaller --payload or a shorter --duration.',
  },
  'restarted-to-clear': {
    severity: 'note',
    means:
      'The store cannot end all its sessions, so the apps that hold them were started anew before each trial: their code is colder than that of others.',
    todo: 'Give the store a `clear` that works.',
  },
  interrupted: {
    severity: 'warning',
    means: 'The run was interrupted or killed before its end.',
    todo: 'Run it again with the same seed for the whole plan.',
  },

  // Of a trial with a fault.
  'fault-not-taken': {
    severity: 'warning',
    means:
      'A fault was tried and did not take (a server lived on, say), so that the trial says nothing of it.',
    todo: 'The message says what lived on; see the logs of the trial for why.',
  },
  'fault-not-begun': {
    severity: 'warning',
    means: 'A trial ended before its fault began.',
    todo: 'Measure it again.',
  },
  'sweep-missing': {
    severity: 'warning',
    means:
      'The sessions were not read once more when the load had ended, so that it is not known which of them were lost.',
    todo: "Read logs/k6.log in the trial's folder.",
  },
  'not-healed': {
    severity: 'alarm',
    means: 'Servers did not get ready again when a fault had been taken back.',
    todo: "Read the logs of the servers that are named in the trial's logs/ folder.",
  },
  'died-of-fault': {
    severity: 'alarm',
    means: 'A server ended by itself since a fault had been done to another one.',
    todo: "Read its log in the trial's logs/ folder: what it depends on may be away for a while.",
  },

  // Of a trial: why sessions were lost or refused, in the servers' own words.
  'memory-limit': {
    severity: 'warning',
    means: 'The memory for sessions was full, and writes were refused.',
    todo: fewerSessions,
  },
  'heap-full': {
    severity: 'warning',
    means: 'A process used up the heap that it may have, and ended.',
    todo: 'Give fewer --sessions, a smaller --payload, or more --apps.',
  },
  evictions: {
    severity: 'warning',
    means: 'A server dropped live sessions to make room for others: they are lost.',
    todo: fewerSessions,
  },
  'disk-full': {
    severity: 'warning',
    means: 'The disk of a server was full.',
    todo: 'Make room where its data is (TMPDIR on the native runtime), or give fewer --sessions or a smaller --payload.',
  },
  'connections-refused': {
    severity: 'warning',
    means: 'A server refused connections, because it had as many as it may have.',
    todo: 'Give fewer --apps, or let the store keep fewer connections.',
  },
  'entry-too-large': {
    severity: 'warning',
    means: 'A session was larger than a server takes.',
    todo: 'Give a smaller --payload.',
  },
  'expired-early': {
    severity: 'warning',
    means:
      'A server ended sessions that nobody had used for a while, though the app lets them live longer than any trial.',
    todo: 'Look at the life that the store gives to its sessions; plan.idleSeconds in run.json is what the app asked for.',
  },
  deadlocks: {
    severity: 'note',
    means: 'Transactions of a database waited for each other, and some were given up.',
    todo: 'Look at the statements of the store: they must touch rows in one order.',
  },
  'store-failed': {
    severity: 'warning',
    means: 'Operations of the store failed, in the words that are quoted.',
    todo: "See the logs of the apps and the servers in the trial's folder.",
  },
  'cause-unknown': {
    severity: 'note',
    means:
      'Sessions were lost or refused, and a server did not tell whether a limit of its own is behind that.',
    todo: "See the logs in the trial's folder.",
  },

  // Of a strategy or a run.
  missing: {
    severity: 'warning',
    means: 'Something that the strategy needs is not on this machine.',
    todo: 'npm run doctor says what to do.',
  },
  'not-started': {
    severity: 'warning',
    means: 'The servers of a strategy did not start.',
    todo: 'Read the log lines; "npm run doctor" checks what this machine has.',
  },
  'not-sized': {
    severity: 'warning',
    means: 'The burst before the first trial of a strategy failed.',
    todo: 'Its trials show whether it works at the common rate.',
  },
  'not-reached': {
    severity: 'warning',
    means: 'The run ended before a trial of this strategy began.',
    todo: 'Let a run go on to its end.',
  },
  'run-failed': {
    severity: 'warning',
    means: 'The run ended by a fault.',
    todo: 'What was measured before is in the report.',
  },
  'results-unwritten': {
    severity: 'warning',
    means: 'The disk took no more of what was measured.',
    todo: 'Make room, then run it again with the same seed for the whole plan.',
  },
  'run-ended-early': {
    severity: 'warning',
    means: 'The run failed before all planned trials were measured.',
    todo: 'Run it again with the same seed for the whole plan.',
  },
  'stop-failed': {
    severity: 'warning',
    means: 'Something that the run started could not be stopped.',
    todo: 'The next start ends what is left.',
  },
  'not-frozen': {
    severity: 'warning',
    means:
      'Servers could not be paused while others were measured, so they were stopped, and started anew for the next trial.',
    todo: 'Read what the message names.',
  },
  'generator-budget': {
    severity: 'warning',
    means: "The limit of the generator's CPU time was moved by SESSION_BENCH_GENERATOR_BUDGET.",
    todo: 'Leave it out to see what the generator can do.',
  },
  'without-effect': {
    severity: 'warning',
    means: 'A setting says nothing to the runtime that the run had.',
    todo: 'Leave it out, or use the runtime that it is for.',
  },
  'noise-tolerated': {
    severity: 'warning',
    means: 'SESSION_BENCH_NOISE=tolerate kept trials that the machine disturbed.',
    todo: 'Leave it out to measure.',
  },

  'code-changed': {
    severity: 'warning',
    means: 'What is measured was changed while it was measured, so that trials may be of different code.',
    todo: 'Measure again, and leave the checkout alone meanwhile; or measure in a copy of it.',
  },
  'dependencies-differ': {
    severity: 'warning',
    means: 'Installed packages are not those of package-lock.json; what is installed was measured.',
    todo: 'Run "npm ci", then measure again.',
  },
  'population-close': {
    severity: 'warning',
    means: 'The sessions are likely to take nearly all the room that a strategy has for them, or more.',
    todo: fewerSessions,
  },

  'data-in-memory': {
    severity: 'warning',
    means:
      'Servers that flush to the disk kept their data in memory, so that strategies whose sessions outlast a crash look cheaper than they are.',
    todo: 'Set TMPDIR to a folder on a disk, then measure again.',
  },

  // Of a search.
  'generator-limited': {
    severity: 'warning',
    means: 'The generator gave out before the strategy did, so that the strategy’s own limit is not known.',
    todo: 'Measure on a machine with more cores.',
  },
  'promise-never-kept': {
    severity: 'warning',
    means: 'No rate kept the promise.',
    todo: 'Promise less with --slo, or look at the logs of its trials.',
  },
  'wide-interval': {
    severity: 'note',
    means: 'The interval of a capacity is wider than was aimed at.',
    todo: 'Longer trials (--duration) and a quieter machine make the edge sharper.',
  },
  'search-disturbed': {
    severity: 'warning',
    means: 'A search was given up, because several trials in a row said nothing.',
    todo: 'See to this cause, then measure again.',
  },
  'trials-repeated': {
    severity: 'note',
    means: 'Trials of a search said nothing of the strategy and were repeated.',
    todo: 'Keep other work off this machine while measuring.',
  },

  // Of a footprint.
  'sizes-left-out': {
    severity: 'note',
    means: 'Numbers of sessions have no room on this machine, so that they were left out.',
    todo: 'Measure on a machine with more memory, or give smaller --sessions or a smaller --payload.',
  },
  'budgets-raised': {
    severity: 'note',
    means: 'Servers or apps had more memory than usual, so that the sessions have room.',
    todo: 'Nothing needs doing: what sessions take does not depend on what there is for them.',
  },
  'footprint-stopped': {
    severity: 'warning',
    means: 'A series of growing numbers of sessions ended before its largest.',
    todo: "What was weighed before stays. See the logs in the folders of its trials, and the server's own words.",
  },
  'bulk-differs': {
    severity: 'alarm',
    means:
      'A session that was put into the store with many others is not what a login of the same user writes.',
    todo: "Mend the strategy's bulk access (docs/adding-a-strategy.md): what it weighs is something else.",
  },
  'prediction-off': {
    severity: 'warning',
    means:
      'The largest number of sessions took more than 10 % more or less than a line through the smaller ones predicts.',
    todo: 'Do not carry the line beyond what was measured; the sizes at which it bends are in the table.',
  },
  'sessions-unresolved': {
    severity: 'note',
    means: 'Sessions took less than readings tell apart, so that what each takes is not known.',
    todo: 'Give larger --sessions. Memory is taken from the system in pieces, and files grow by them: few sessions may take none.',
  },
  unpredicted: {
    severity: 'note',
    means:
      'The smaller numbers of sessions took less than readings tell apart, so that the largest was not predicted.',
    todo: 'Give larger --sessions, the largest some ten times the next.',
  },
  'going-unknown': {
    severity: 'note',
    means: 'What becomes of memory, or of the reads of others, when sessions go was not all measured.',
    todo: 'The message says what is missing, and why; measure again on a quiet machine where it is a trial.',
  },
  'log-unknown': {
    severity: 'note',
    means:
      'What a login and a write add to the log of changes could not be measured at a number of sessions.',
    todo: 'Measure again; the weighings and the reads stand without it.',
  },
  'reads-slower': {
    severity: 'note',
    means: 'Reads took more CPU time among many sessions than among few.',
    todo: 'Measure latency and capacity at the number of sessions that you will have (--sessions).',
  },
  'expiry-slow': {
    severity: 'warning',
    means: 'Sessions that had ended were not all removed for as long as it was looked.',
    todo: "Expect the store to hold more than the sessions alive; see the strategy's sweep.",
  },
  // Of a run of faults.
  'worse-than-expected': {
    severity: 'alarm',
    means: 'A strategy lost more through a fault than it should by its own description.',
    todo: 'Look at the logs of the trial. What it promises on paper is in its topology.ts, under "outlasts".',
  },
  'better-than-expected': {
    severity: 'note',
    means:
      'A strategy lost nothing through a fault that should have cost sessions by its own description: luck, or a description that is out of date.',
    todo: 'What it promises on paper is in its topology.ts, under "outlasts".',
  },
  'fault-impossible': {
    severity: 'note',
    means: 'A fault that was asked for cannot be done to a strategy, or not on this runtime.',
    todo: 'Nothing needs doing: it says nothing of the strategy.',
  },

  // Of a run of distances.
  'round-trips-differ': {
    severity: 'warning',
    means: 'An operation waits for more or fewer round trips to the servers than its strategy says.',
    todo: 'Count what the store sends for it one after the other. What it should wait for is in its topology.ts, under roundTripsPerOperation or commandsPerOperation.',
  },
  'round-trips-open': {
    severity: 'note',
    means: 'How many round trips an operation waits for could not be told from the noise.',
    todo: 'Measure more blocks (--blocks), longer trials (--duration) or longer distances (--distance).',
  },

  // Of the results folder.
  'unreadable-footprint': {
    severity: 'warning',
    means: 'footprint.json is damaged or missing, or names trials that are not there.',
    todo: 'Restore the file from a copy, or measure again.',
  },
  unfinished: {
    severity: 'warning',
    means: 'The run ended before the trial did.',
    todo: 'Run it again.',
  },
  'unreadable-trial': {
    severity: 'warning',
    means: 'A file of the trial is damaged, so that the trial is in no number.',
    todo: 'Restore the file from a copy, or measure again.',
  },
  'contradictory-trial': {
    severity: 'warning',
    means:
      'The files of a trial contradict each other or the run, or hold what cannot be, so that the trial is in no number.',
    todo: 'Restore the files of the trial from a copy, or measure again.',
  },
  'unreadable-capacity': {
    severity: 'warning',
    means: 'capacity.json is damaged or missing.',
    todo: 'Restore the file from a copy, or measure again.',
  },
  'doubtful-capacity': {
    severity: 'warning',
    means: 'A capacity rests on trials that cannot be checked any more.',
    todo: 'Restore the files of these trials from a copy, or measure again.',
  },
  'incomplete-histograms': {
    severity: 'warning',
    means: 'The histograms of a trial hold fewer requests than were counted.',
    todo: 'Its percentiles are of the rest; measure again if that matters.',
  },
  'missing-trials': {
    severity: 'warning',
    means: 'Planned trials have no folder under trials/.',
    todo: 'Restore the folders from a copy, or measure again.',
  },
  'unknown-folder': {
    severity: 'warning',
    means: 'A folder under trials/ is not named like a trial.',
    todo: 'Remove it, or give it back the name that the run gave it.',
  },

  // Of a report.
  'blocks-lost': {
    severity: 'warning',
    means:
      'A strategy lacks blocks, because other programs, or the machine itself, disturbed every trial of them for as long as the run could wait and measure again.',
    todo: 'Keep the programs that are named off this machine while measuring, then measure again.',
  },
  'machine-loud': {
    severity: 'note',
    means:
      'The machine was not quiet all the time: trials were put off for a while, or were disturbed and measured again. What was disturbed is in no number.',
    todo: 'Keep the programs that are named off this machine while measuring; the run takes less time then.',
  },
  'strategy-failed': {
    severity: 'alarm',
    means:
      'Too many requests of a strategy got no right answer (docs/method.md has the limit), so that it is in no comparison and no ranking.',
    todo: 'See the logs of its trials under trials/ for the cause.',
  },
  violations: {
    severity: 'alarm',
    means: 'Answers were wrong: sessions were lost, stale, resurrected or crossed.',
    todo: 'Do not weigh its speed before this is understood; the logs of its trials are under trials/.',
  },
  errors: {
    severity: 'warning',
    means: 'Requests got no usable answer.',
    todo: 'See the logs of its trials under trials/ for the cause.',
  },
  'shared-cores': {
    severity: 'note',
    means:
      'Tiers shared cores, or were siblings on one physical core, so that the slow end of the latencies includes the other tier.',
    todo: 'Weigh medians and CPU per request here; measure tails on a machine with more cores.',
  },
  'apps-beyond-cores': {
    severity: 'note',
    means:
      'There were more app processes than cores for them, so that more of them show what processes cost, and not what cores give.',
    todo: 'Measure on a machine with more cores; what they would give is predicted in the report from CPU time.',
  },
  'siblings-unknown': {
    severity: 'note',
    means: 'The system does not tell which cores share a physical core, so tiers may slow each other unseen.',
    todo: 'Measure tails on a system that tells it (/sys/devices/system/cpu).',
  },
  'host-unknown': {
    severity: 'note',
    means: 'The system does not tell what others took of its CPU time, so no trial is invalid for it.',
    todo: 'Keep other work off this machine while measuring, or use a system that tells it (/proc/stat).',
  },
  'few-samples': {
    severity: 'note',
    means: 'High percentiles rest on few requests.',
    todo: 'Measure longer or with more blocks for those.',
  },
  'too-few-blocks': {
    severity: 'note',
    means: 'So few blocks cannot tell a difference from chance.',
    todo: 'Measure more blocks.',
  },
  inconclusive: {
    severity: 'note',
    means: 'Comparisons are open: a difference of the size that matters is neither shown nor excluded.',
    todo: 'See what each could have shown under "Comparisons".',
  },
  'warmup-seen': {
    severity: 'note',
    means: 'The first seconds of the trials differ from the rest.',
    todo: 'Compare the first seconds under "Second by second"; a longer warm-up or longer trials would make it matter less.',
  },
  'drift-seen': {
    severity: 'note',
    means: 'A metric rises or falls from block to block.',
    todo: 'Pairing within blocks takes a common drift out of the comparisons; absolute numbers carry it.',
  },
  'autocorrelation-seen': {
    severity: 'note',
    means: 'Neighbouring seconds of a trial resemble each other, so that seconds are no replicates.',
    todo: 'Nothing needs doing: trials are compared, never seconds, for this reason.',
  },
  'outliers-seen': {
    severity: 'note',
    means: 'Trials lie far from the others of their strategy. They count.',
    todo: 'They stay in. They widen the intervals of this metric, so that less is told apart. See "Single trials".',
  },

  // Of a gate.
  'trials-lost': {
    severity: 'alarm',
    means:
      'A side lost more trials than the other: a server died or was killed, did not start or answer again, or nobody could log in. What is left of it would praise it. Of a candidate it is an alarm.',
    todo: 'See the logs of these trials under trials/.',
  },
  'dirty-tree': {
    severity: 'note',
    means: 'The working tree had changes that are in no commit; they were measured too.',
    todo: 'Commit them, so that the comparison can be made again.',
  },
  'same-code': {
    severity: 'warning',
    means: 'Both sides run the same code, so that there was no change to judge.',
    todo: 'See that the change is there, and that it is under servers/ or in package-lock.json: nothing else differs between the sides.',
  },
  'same-code-differs': {
    severity: 'alarm',
    means: 'Both sides run the same code, and one was worse all the same: no change did that.',
    todo: 'Look for what else differed: the machine, the servers, or code that fails now and then. Then measure again.',
  },
  'budgets-differ': {
    severity: 'warning',
    means: 'The budgets of the candidate are not those of the baseline; the stricter ones hold.',
    todo: 'A change of budgets holds once it is in the baseline. To judge by others, name a file outside the repository with --config.',
  },
  'pairs-disturbed': {
    severity: 'note',
    means:
      'The machine did other work while pairs were measured. Both sides met it in the same moment, so these pairs count; they are noisier.',
    todo: 'A quieter machine settles more with as many pairs.',
  },
  'run-not-finished': {
    severity: 'warning',
    means: 'A run that is judged did not end as planned.',
    todo: 'Let a run go on to its end for all its blocks.',
  },
  'invalid-trials': {
    severity: 'warning',
    means: 'Trials of a run that is judged are invalid and left out.',
    todo: 'The reasons of each, under "Single trials" of the report, say what to do.',
  },
  'ratio-drifts': {
    severity: 'warning',
    means: 'The ratio of the two sides moves from block to block.',
    todo: 'One side may still be warming up or filling memory; look at the trials in order.',
  },
  'outlying-blocks': {
    severity: 'note',
    means: 'Blocks stand far from the others. They count.',
    todo: 'Look for what else the machine did then.',
  },
  'not-in-both': {
    severity: 'warning',
    means: 'A strategy was measured in one of the two runs only.',
    todo: 'Measure the same strategies in both runs.',
  },
  'uneven-blocks': {
    severity: 'note',
    means: 'The two runs have different numbers of blocks.',
    todo: 'Give both runs the same --blocks.',
  },
  'different-times': {
    severity: 'warning',
    means: 'The two runs were made at different times, and the machine may have changed in between.',
    todo: 'To judge a change of code, measure both sides at once: npm run compare -- --against <git ref>.',
  },
  'is-comparison': {
    severity: 'alarm',
    means: 'A run that holds two sides itself cannot be one side of another comparison.',
    todo: 'Judge it alone: npm run compare -- RUN',
  },
  'is-footprint': {
    severity: 'alarm',
    means: 'A run that weighed sessions has no trials that could be compared with those of another.',
    todo: 'Compare runs that measured strategies in blocks (npm run bench).',
  },
  'different-servers': {
    severity: 'warning',
    means: 'A strategy ran on other servers in the two runs.',
    todo: 'A difference may be theirs and not the code’s.',
  },
  'is-faults': {
    severity: 'alarm',
    means: 'A run of faults has no numbers of its strategies: each of its trials is another one.',
    todo: 'Set the tables of two such runs side by side by hand.',
  },
  'different-runtime': mustAgree('runtime', sameOption('--runtime')),
  'different-scenario': mustAgree('scenario', sameOption('--scenario')),
  'different-mix': mustAgree(
    'mix of operations',
    'The scenario changed between the runs; measure both with one version of it.',
  ),
  'different-rate': mustAgree(
    'rate',
    'Measure both with the same --rate; "auto" finds another one each time.',
  ),
  'different-distance': mustAgree(
    'distances of the servers, block by block',
    'Measure both with the same --distance, --blocks and --seed.',
  ),
  'different-sessions': mustAgree('number of sessions', sameOption('--sessions')),
  'different-payload': mustAgree('payload', sameOption('--payload')),
  'different-popularity': mustAgree(
    'Zipf exponent',
    'The scenario changed between the runs; measure both with one version of it.',
  ),
  'different-apps': mustAgree('number of app processes', sameOption('--apps')),
  'different-connections': mustAgree(
    'number of connections',
    'Measure both with one version of session-bench.',
  ),
  'different-placement': mustAgree('placement', 'Measure both with as many cores.'),
  'different-processor': mustAgree('processor', sameHost),
  'different-cores': mustAgree('number of cores', sameHost),
  'different-virtualization': mustAgree('virtualization', sameHost),
  'different-host-name': mayDiffer(
    'host name',
    `It is another machine of the same make, or the same one renamed. ${sameHost}`,
  ),
  'different-kernel': mayDiffer('system', sameHost),
  'different-memory': mayDiffer('memory', sameHost),
  'different-duration': mayDiffer('measured seconds of a trial', sameOption('--duration')),
  'different-warm-up': mayDiffer('warm-up', sameOption('--preset')),
  'different-versions': mayDiffer('balancer, Node.js or k6', 'A difference may be theirs.'),
} as const satisfies Readonly<Record<string, Entry>>;

export type ReasonCode = keyof typeof catalogue;

// Object.keys gives string[]; the catalogue has no other keys.
export const reasonCodes = Object.keys(catalogue) as [ReasonCode, ...ReasonCode[]];

export const reason = z.strictObject({
  /** Stable, for scripts: `generator-cpu`, `server-died`. */
  code: z.enum(reasonCodes, { error: 'a code that this version of session-bench does not know' }),
  message: z.string(),
  /** What to do next. */
  remedy: z.string(),
});
export type Reason = z.infer<typeof reason>;

export const finding = z.strictObject({ ...reason.shape, severity: z.enum(severities) });
export type Finding = z.infer<typeof finding>;

/** @param remedy what to do next; as the catalogue has it unless there is something more exact to say */
export const reasonOf = (
  code: ReasonCode,
  message: string,
  remedy: string = catalogue[code].todo,
): Reason => ({
  code,
  message,
  remedy,
});

/** A finding with the severity of its code. @param remedy where there is a more exact one than the catalogue's */
export const findingOf = (
  code: ReasonCode,
  message: string,
  remedy: string = catalogue[code].todo,
): Finding => ({ code, message, remedy, severity: catalogue[code].severity });
